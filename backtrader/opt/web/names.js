// Names of metrics and objectives, and the page's own words in the reader's language.
const page = { language: "en", theme: "light", doc: null, objectives: [], runs: null };
const chinese = () => page.language === "zh";
function t(word, places = {}) {
  const text = WORDS[page.language][word] ?? WORDS.en[word] ?? word;
  return text.replace(/\{(\w+)\}/g, (whole, name) => places[name] ?? whole);
}

const METRICS = {
  final_value: ["Final value", "期末总值"], total_return: ["Total return", "总收益率"], annual_return: ["Annual return", "年化收益率"],
  volatility: ["Volatility", "波动率"], sharpe_ratio: ["Sharpe ratio", "夏普比率"], sortino_ratio: ["Sortino ratio", "索提诺比率"],
  calmar_ratio: ["Calmar ratio", "卡玛比率"], sqn: ["SQN", "SQN"], trades: ["Trades", "交易次数"], wins: ["Wins", "盈利次数"],
  losses: ["Losses", "亏损次数"], win_rate: ["Win rate", "胜率"], gross_profit: ["Gross profit", "总盈利"], gross_loss: ["Gross loss", "总亏损"],
  profit_factor: ["Profit factor", "盈亏比"], expectancy: ["Expectancy", "单笔期望"], max_drawdown_pct: ["Max. draw-down", "最大回撤"],
  max_drawdown_len: ["Longest draw-down", "最长回撤"], exposure: ["Exposure", "持仓时间"], turnover: ["Turnover", "换手率"],
  commission: ["Commission", "手续费"], score: ["Score", "得分"],
}; // prettier-ignore

function metricTitle(key) {
  const known = METRICS[key];
  if (known) return known[chinese() ? 1 : 0];
  return key.replace(/^analyzers\./, "").replaceAll("_", " ");
}
const objectiveTitle = (objective) => metricTitle(objective?.name ?? "score");
const stateTitle = (code) => t(`state_${STATES[code] ?? "complete"}`);

function inUnit(value, unit, digits = 4) {
  if (unit === "%") return `${value === "inf" ? "∞" : sig(number(value), digits)} %`;
  return sig(number(value), unit === "money" ? 8 : digits);
}

function ago(seconds) {
  if (!isNumber(seconds)) return "–";
  if (seconds < 1) return `${sig(seconds * 1000, 2)} ms`;
  if (seconds < 60) return `${sig(seconds, 3)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

// A moment by the reader's clock.
function local(seconds) {
  if (!isNumber(seconds)) return "–";
  const d = new Date(seconds * 1000);
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())} ${two(d.getHours())}:${two(d.getMinutes())}`;
}
