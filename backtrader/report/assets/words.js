// What the page says, in two languages.
"use strict";

const WORDS = {
  en: {
    title: "Backtest report", overview: "Overview", chart: "Chart", performance: "Performance",
    trades: "Trades", orders: "Fills and rules", details: "Details",
    strategy: "Strategy", params: "Parameters", environment: "Environment", feed: "Feed",
    equity: "Equity", drawdown: "Draw-down", sharpe: "Rolling Sharpe", months: "Monthly returns", year: "Year",
    distribution: "Distribution of returns", why: "What stood in the way of a trade", rules: "How fills got their price",
    benchmark: "Benchmark", none: "none", theme: "Theme", language: "中文", reset: "All", volume: "Volume",
    open: "O", high: "H", low: "L", close: "C", buy: "Buy", sell: "Sell", filter: "Filter trades…",
    all: "All", wins: "Won", losses: "Lost", longs: "Long", shorts: "Short", stillOpen: "open",
    noTrades: "No trade was made in this run.", noReturns: "Too few bars for returns.", days: "days",
    count: "{n} of {m}", bars: "bars", help: "Drag to move, wheel to zoom, double-click for all, arrow keys to step.",
    cols: { n: "#", data: "Feed", side: "Side", size: "Size", opened: "Opened", closed: "Closed", bars: "Bars",
      entry: "Entry", exit: "Exit", gross: "Gross", commission: "Commission", net: "Net", best: "Best", worst: "Worst" },
    long: "Long", short: "Short", made: "Written by backtrader {v}",
    hint: "A click on a trade shows it on the chart.", return: "Return", share: "Share of days",
  },
  zh: {
    title: "回测报告", overview: "概览", chart: "图表", performance: "绩效",
    trades: "交易", orders: "成交与规则", details: "详情",
    strategy: "策略", params: "参数", environment: "环境", feed: "数据",
    equity: "权益", drawdown: "回撤", sharpe: "滚动夏普", months: "月度收益", year: "全年",
    distribution: "收益分布", why: "未成交的原因", rules: "成交价格的依据",
    benchmark: "基准", none: "无", theme: "主题", language: "English", reset: "全部", volume: "成交量",
    open: "开", high: "高", low: "低", close: "收", buy: "买入", sell: "卖出", filter: "筛选交易…",
    all: "全部", wins: "盈利", losses: "亏损", longs: "多头", shorts: "空头", stillOpen: "未平仓",
    noTrades: "本次运行没有交易。", noReturns: "K线太少，无法计算收益。", days: "天",
    count: "{n} / {m}", bars: "根K线", help: "拖动平移，滚轮缩放，双击显示全部，方向键逐根移动。",
    cols: { n: "#", data: "数据", side: "方向", size: "数量", opened: "开仓", closed: "平仓", bars: "K线数",
      entry: "开仓价", exit: "平仓价", gross: "毛利", commission: "手续费", net: "净利", best: "最大浮盈", worst: "最大浮亏" },
    long: "多", short: "空", made: "由 backtrader {v} 生成",
    hint: "点击一笔交易可在图表中查看。", return: "收益率", share: "天数占比",
  },
};

const METRIC_WORDS = {
  en: {},
  zh: {
    final_value: "最终权益", total_return: "总收益", annual_return: "年化收益", volatility: "年化波动率",
    sharpe_ratio: "夏普比率", sortino_ratio: "索提诺比率", calmar_ratio: "卡玛比率", sqn: "SQN", trades: "交易次数",
    wins: "盈利次数", losses: "亏损次数", win_rate: "胜率", gross_profit: "总盈利", gross_loss: "总亏损",
    profit_factor: "盈亏比", expectancy: "平均每笔", max_drawdown_pct: "最大回撤", max_drawdown_len: "最长回撤",
    exposure: "持仓时间占比", turnover: "换手率", commission: "手续费",
  },
};
