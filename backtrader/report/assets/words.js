// What the page says, in two languages. A sentence may have places: {n}.
const WORDS = {
  en: {
    overview: "Overview", chart: "Chart", performance: "Performance", trades: "Trades", orders: "Orders", fills: "Fills",
    details: "Details", why: "Why", rules: "Fill rules", account: "The account, day by day",
    strategy: "Strategy", strategies: "Strategies", params: "Parameters", environment: "Environment", feed: "Feed",
    metrics: "All numbers", equity: "Equity", drawdown: "Draw-down", sharpe: "Rolling Sharpe ({n} returns)", exposure: "Exposure",
    months: "Monthly returns", year: "Year", distribution: "Distribution of returns", falls: "Deepest draw-downs",
    whyTitle: "Why orders did not become trades", rulesTitle: "How fills got their price", benchmark: "Benchmark", none: "none",
    theme: "Light or dark", language: "中文", languageTitle: "Switch to Chinese", rising: "Colours of rising and falling",
    volume: "Vol", open: "O", high: "H", low: "L", close: "C", log: "Log", all: "All", allBars: "All bars",
    buy: "Buy", sell: "Sell", long: "Long", short: "Short", won: "Won", lost: "Lost", stillOpen: "Open",
    filter: "Filter: text, or net>100, bars<=5 …", clear: "Clear filters", export: "Save as CSV", shown: "{n} of {m}",
    noTrades: "No trade was made in this run.", noOrders: "No order was sent in this run.", noFills: "No order was filled in this run.",
    seeWhy: "See why", nothingMatches: "Nothing matches the filter.", noReturns: "Returns need two days of bars; this run has fewer.",
    noChange: "The value of the account never changed.", noFalls: "The account never fell below an earlier high.", noBars: "The bars of this feed were not kept in memory (exactbars), so there is nothing to draw. The numbers below are of the whole run.",
    notKept: "The run kept no history of trades, orders and fills (exactbars): the list has what was left at its end, the numbers above count all.", emptyFeed: "This feed delivered no bar.", noFeed: "The report was made without a feed.",
    noParams: "{name} has no parameters.", nothingInTheWay: "Nothing stood in the way of a trade.",
    noOrderSent: "No order was sent.", sent: "{n} orders sent, {m} executed.", bars: "bars", days: "days", barsOf: "{n} bars", oneBar: "1 bar", feedsOf: "{n} feeds",
    help: "Drag to move, wheel or + and − to zoom, double-click for all bars, arrow keys to step. A click on a mark finds its trade.",
    hint: "A click on a row shows it on the chart.", made: "Written by backtrader {v}", share: "days",
    mean: "Mean", deviation: "Deviation", bestDay: "Best", worstDay: "Worst", skew: "Skew", positive: "Positive",
    from: "From", trough: "Lowest", until: "Until", depth: "Depth", length: "Length", recovered: "recovered", ongoing: "not recovered",
    band: "The final value of {final} could be {worst} to {best}: {n} fills lie in bars that reached two orders that exclude each other, and a bar does not tell which came first.",
    noBand: "No fill depends on which of two orders a bar reached first.", rule: "Rule", count: "Count", notShown: "of a feed the report leaves out",
    trade: "Trade", order: "Order", result: "Result", otherPrice: "Other order at", period: "Period", to: "to",
    loading: "Reading the bars …", tooOld: "This browser is too old for this page: it needs DecompressionStream (2023 or later).",
    zoomIn: "Zoom in", zoomOut: "Zoom out", marks: "Trades", lines: "Indicators", startValue: "from {n}", skipped: "to the trades",
    columns: {
      n: "#", data: "Feed", strategy: "Strategy", side: "Side", size: "Size", opened: "Opened", closed: "Closed", bars: "Bars", entry: "Entry",
      exit: "Exit", gross: "Gross", commission: "Comm.", net: "Net", pct: "Net %", best: "Best %", worst: "Worst %",
      ref: "Ref", kind: "Type", price: "Price", limit: "Limit", status: "Status", made: "Made", ended: "Ended", filled: "Filled",
      average: "Average", when: "When", rule: "Rule", other: "If the other", tradeid: "Trade id",
    },
    columnHelp: {
      best: "How far the price went for the position while it was held, in percent of the entry",
      worst: "How far the price went against the position while it was held, in percent of the entry",
      other: "What the account would have more or less had the other order of the bar been filled",
      pct: "Net result over what the position cost",
    },
  },
  zh: {
    overview: "概览", chart: "图表", performance: "绩效", trades: "交易", orders: "委托", fills: "成交",
    details: "详情", why: "原因", rules: "成交规则", account: "账户逐日变化",
    strategy: "策略", strategies: "策略", params: "参数", environment: "运行环境", feed: "数据",
    metrics: "全部指标", equity: "权益", drawdown: "回撤", sharpe: "滚动夏普（{n} 期）", exposure: "仓位",
    months: "月度收益", year: "全年", distribution: "收益分布", falls: "最深回撤",
    whyTitle: "委托为何没有成为交易", rulesTitle: "成交价格的依据", benchmark: "基准", none: "无",
    theme: "浅色或深色", language: "English", languageTitle: "切换为英文", rising: "涨跌颜色",
    volume: "量", open: "开", high: "高", low: "低", close: "收", log: "对数", all: "全部", allBars: "全部K线",
    buy: "买入", sell: "卖出", long: "多头", short: "空头", won: "盈利", lost: "亏损", stillOpen: "未平仓",
    filter: "筛选：文字，或 net>100、bars<=5 …", clear: "清除筛选", export: "保存为 CSV", shown: "{n} / {m}",
    noTrades: "本次运行没有交易。", noOrders: "本次运行没有发出委托。", noFills: "本次运行没有成交。",
    seeWhy: "查看原因", nothingMatches: "没有符合条件的记录。", noReturns: "计算收益至少需要两天的K线。",
    noChange: "账户价值从未变化。", noFalls: "账户从未低于之前的高点。", noBars: "该数据的K线未保留在内存中（exactbars），因此无法绘图。下方数字仍来自整个运行。",
    notKept: "该运行未保留交易、委托和成交的历史（exactbars）：列表只含结束时剩下的记录，上方数字统计了全部。", emptyFeed: "该数据没有任何K线。", noFeed: "报告未包含任何数据。",
    noParams: "{name} 没有参数。", nothingInTheWay: "没有任何因素妨碍交易。",
    noOrderSent: "没有发出委托。", sent: "共发出 {n} 笔委托，成交 {m} 笔。", bars: "根K线", days: "天", barsOf: "{n} 根K线", oneBar: "1 根K线", feedsOf: "{n} 个数据",
    help: "拖动平移，滚轮或 + − 缩放，双击显示全部，方向键移动。点击标记可找到对应交易。",
    hint: "点击一行可在图表中查看。", made: "由 backtrader {v} 生成", share: "天",
    mean: "均值", deviation: "标准差", bestDay: "最佳", worstDay: "最差", skew: "偏度", positive: "上涨占比",
    from: "开始", trough: "最低", until: "结束", depth: "幅度", length: "时长", recovered: "已恢复", ongoing: "尚未恢复",
    band: "最终权益 {final} 可能在 {worst} 至 {best} 之间：有 {n} 笔成交所在的K线同时触及两个互斥的委托，而K线无法说明先后。",
    noBand: "没有成交取决于K线先触及哪个委托。", rule: "规则", count: "次数", notShown: "报告未包含的数据",
    trade: "交易", order: "委托", result: "盈亏", otherPrice: "另一委托价", period: "区间", to: "至",
    loading: "正在读取K线…", tooOld: "浏览器版本过旧，需要支持 DecompressionStream（2023 年或更新）。",
    zoomIn: "放大", zoomOut: "缩小", marks: "交易", lines: "指标", startValue: "初始 {n}", skipped: "跳到交易",
    columns: {
      n: "#", data: "数据", strategy: "策略", side: "方向", size: "数量", opened: "开仓时间", closed: "平仓时间", bars: "K线数", entry: "开仓价",
      exit: "平仓价", gross: "毛利", commission: "手续费", net: "净利", pct: "净利 %", best: "最大浮盈 %", worst: "最大浮亏 %",
      ref: "编号", kind: "类型", price: "价格", limit: "限价", status: "状态", made: "发出时间", ended: "结束时间", filled: "成交量",
      average: "均价", when: "时间", rule: "规则", other: "若另一委托成交", tradeid: "交易号",
    },
    columnHelp: {
      best: "持仓期间价格最多有利多少，占开仓价的百分比", worst: "持仓期间价格最多不利多少，占开仓价的百分比",
      other: "若该K线的另一个委托成交，账户会多出或减少的金额", pct: "净利与持仓成本之比",
    },
  },
};

const METRICS_ZH = {
  final_value: ["最终权益", "结束时账户的价值"], total_return: ["总收益", "相对初始权益的收益"],
  annual_return: ["年化收益", "按复利折算到一年"], volatility: ["年化波动率", "收益的标准差，折算到一年"],
  sharpe_ratio: ["夏普比率", "平均收益与标准差之比，折算到一年"], sortino_ratio: ["索提诺比率", "平均收益与下行偏差之比，折算到一年"],
  calmar_ratio: ["卡玛比率", "年化收益与最大回撤之比"], sqn: ["SQN", "系统质量数"], trades: ["交易次数", "已平仓的交易"],
  wins: ["盈利次数", "其中没有亏损的"], losses: ["亏损次数", "其中亏损的"], win_rate: ["胜率", "没有亏损的交易占比"],
  gross_profit: ["总盈利", "盈利之和，已扣手续费"], gross_loss: ["总亏损", "亏损之和，已扣手续费，取正数"],
  profit_factor: ["盈亏比", "总盈利与总亏损之比"], expectancy: ["平均每笔", "每笔交易的平均结果，已扣手续费"],
  max_drawdown_pct: ["最大回撤", "从高点的最大跌幅"], max_drawdown_len: ["最长回撤", "低于高点的最长时间"],
  exposure: ["持仓时间", "有持仓的K线占比"], turnover: ["换手率", "成交额与账户平均价值之比"], commission: ["手续费", "支付的手续费"],
};

// Headings for the causes that cerebro.why() names.
const CAUSES = {
  "feed-empty": ["No bars", "没有K线"], "warm-up": ["Still warming up", "预热未完成"], "no-next": ["No next method", "没有 next 方法"],
  "no-orders": ["No order sent", "没有发出委托"], "line-nan": ["A line without numbers", "指标全为空值"],
  "line-zero": ["A line that is always 0", "指标恒为 0"], "no-position": ["Nothing to close", "无仓可平"],
  "signal-swallowed": ["Signals passed over", "信号被跳过"], "size-zero": ["Size 0", "数量为 0"], margin: ["Too little cash", "资金不足"],
  rejected: ["Rejected", "被拒绝"], expired: ["Expired", "已过期"], cancelled: ["Cancelled", "已撤销"],
  "not-transmitted": ["Never sent on", "未传送"], "last-bar": ["No bar left", "没有后续K线"], "parent-waits": ["Waiting for its parent", "等待父委托"],
  filler: ["No volume", "没有成交量"], "no-price": ["No price", "没有价格"], "no-close": ["No session end", "没有收盘"],
  partly: ["Filled in part", "部分成交"], untouched: ["Price never reached", "价格未触及"],
};

const RULES = {
  open: ["market order: the open of the next bar", "市价单：下一根K线的开盘价"],
  "cheat on close": ["cheat-on-close: the close of the bar it was sent on", "收盘作弊：发出当根K线的收盘价"],
  close: ["order for the close: the close of the session's last bar", "收盘单：当日最后一根K线的收盘价"],
  "previous close": ["order for the close: the close of the bar before, which turned out to be the last", "收盘单：上一根K线的收盘价（事后得知它是最后一根）"],
  limit: ["limit: its price, which the bar touched", "限价单：K线触及的限价"],
  "limit at open": ["limit: the open, which was better than its price", "限价单：优于限价的开盘价"],
  stop: ["stop: its price, which the bar reached", "止损单：K线触及的触发价"],
  "stop gap": ["stop: the open, which was beyond its price", "止损单：越过触发价的开盘价（跳空）"],
  "stop limit": ["stop-limit: the stop, with the limit beyond it", "止损限价单：触发价，限价在其外"],
  "stop limit, limit": ["stop-limit: the limit, in the bar that turned after reaching the stop", "止损限价单：触发后回转触及的限价"],
  history: ["order of the past: the price it is known to have had", "历史委托：已知的成交价"],
};

const STATUS_ZH = {
  Created: "已创建", Submitted: "已提交", Accepted: "已接受", Partial: "部分成交", Completed: "已成交", Canceled: "已撤销",
  Expired: "已过期", Margin: "资金不足", Rejected: "被拒绝",
};
const KINDS_ZH = {
  Market: "市价", Close: "收盘", Limit: "限价", Stop: "止损", StopLimit: "止损限价", StopTrail: "跟踪止损", StopTrailLimit: "跟踪止损限价", Historical: "历史",
};
const MONTHS = {
  en: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
  zh: ["1月", "2月", "3月", "4月", "5月", "6月", "7月", "8月", "9月", "10月", "11月", "12月"],
};
const FRAMES = {
  en: (name, n) => (n > 1 ? `${n} ${name.toLowerCase().replace(/s?$/, "s")}` : ({ Minute: "1 minute", Day: "daily", Days: "daily", Week: "weekly", Weeks: "weekly", Month: "monthly", Months: "monthly", Year: "yearly", Years: "yearly", Minutes: "1 minute", Seconds: "1 second", Second: "1 second", Ticks: "ticks", Tick: "ticks" }[name] || name)),
  zh: (name, n) => {
    const unit = { Minute: "分钟", Minutes: "分钟", Day: "日", Days: "日", Week: "周", Weeks: "周", Month: "月", Months: "月", Year: "年", Years: "年", Second: "秒", Seconds: "秒" }[name];
    return unit ? (n > 1 || unit === "分钟" || unit === "秒" ? `${n} ${unit}` : `${unit}线`) : name;
  },
};

// The state everybody reads: language, theme, and the document once it is there.
const page = { language: "en", theme: "light", rising: "green", doc: null };

function t(key, places = {}) {
  const text = WORDS[page.language][key] ?? WORDS.en[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => places[name] ?? "");
}
const pick = (pair, key) => (pair ? pair[page.language === "zh" ? 1 : 0] : key);
const chinese = () => page.language === "zh";
