import type { ChannelSettings } from "../core/settings.ts"

/** The sample company: home textiles, sold in live streams on three shops, out of two warehouses. Nobody in it exists. */
export const company = { name: "青禾里家居", timezone: "Asia/Shanghai", language: "zh-Hans" }

/** A shop: its share of the everyday orders, and how its orders are numbered. */
export type Shop = {
  channel: string
  shop: string
  share: number
  number: { prefix: string; digits: number }
  /** batch: its orders come as exports at these hours, by the company's clock */
  exportsAt: readonly number[] | null
  /** the hours within which the platform wants an order shipped; null: it does not say */
  promiseHours: number | null
}

/** The shops: two whose platforms push, one whose orders come as exports. */
export const shops: readonly Shop[] = [
  {
    channel: "douyin",
    shop: "青禾里旗舰店",
    share: 0.5,
    number: { prefix: "693", digits: 19 },
    exportsAt: null,
    promiseHours: 48,
  },
  {
    channel: "kuaishou",
    shop: "青禾里家纺",
    share: 0.25,
    number: { prefix: "24", digits: 16 },
    exportsAt: null,
    promiseHours: 48,
  },
  {
    channel: "tmall",
    shop: "青禾里家居旗舰店",
    share: 0.25,
    number: { prefix: "41", digits: 19 },
    exportsAt: [9, 12, 15, 18, 21],
    promiseHours: null,
  },
]

/** What the shops' channels are like. */
export const channelSettings: Record<string, ChannelSettings> = {
  douyin: { platformStop: "collected" },
  tmall: {
    mode: "batch",
    graceMs: 14 * 60 * 60_000,
    facts: ["created", "paid", "shipped", "collected", "delivered", "cancelled", "refunded"],
  },
}

/** The warehouses: share of the orders, and how many an hour they pack by day. */
export const warehouses = [
  { id: "ningbo", name: "宁波一仓", region: "浙江宁波", share: 0.68, perHour: 34 },
  { id: "chengdu", name: "成都二仓", region: "四川成都", share: 0.32, perHour: 16 },
] as const
export type Warehouse = (typeof warehouses)[number]

/** The carriers, with how often they are chosen and how their numbers begin. */
export const carriers = [
  ["中通快递", 0.4, "78"],
  ["圆通速递", 0.28, "YT"],
  ["韵达快递", 0.2, "43"],
  ["顺丰速运", 0.12, "SF"],
] as const

/** Whom to call: carriers, a supplier who is often late, and somebody who ships for us. */
export const partners = [
  ["carrier", "中通快递", "宁波鄞州网点", "徐站长", "0574-5550-1201", "07:00–22:00"],
  ["carrier", "圆通速递", "宁波高新网点", "邵站长", "0574-5550-1202", "07:30–21:30"],
  ["carrier", "韵达快递", "成都双流网点", "钟站长", "028-5550-1203", "08:00–21:00"],
  ["carrier", "顺丰速运", "项目组", "洪经理", "0574-5550-1204", "全天"],
  ["supplier", "南通锦禾纺织", "天丝夏被、四件套", "葛厂长", "0513-5550-2201", "08:00–17:30"],
  ["cloud_warehouse", "金华云仓", "调度", "金调度", "0579-5550-3301", "08:00–21:00"],
  ["supplier", "绍兴云绒毯业", "毛毯、盖毯", "金经理", "0575-5550-2202", "08:30–18:00"],
] as const

/** Where the customers live, with the days that a parcel needs from the warehouse next to them. */
export const places = [
  ["浙江", "杭州", "余杭区", 10, 1],
  ["江苏", "苏州", "吴中区", 9, 1],
  ["上海", "上海", "浦东新区", 9, 1],
  ["广东", "广州", "天河区", 10, 2],
  ["广东", "深圳", "南山区", 8, 2],
  ["山东", "青岛", "市南区", 7, 2],
  ["福建", "厦门", "思明区", 5, 2],
  ["河南", "郑州", "金水区", 6, 2],
  ["湖北", "武汉", "洪山区", 6, 2],
  ["湖南", "长沙", "岳麓区", 5, 2],
  ["四川", "成都", "武侯区", 7, 1],
  ["重庆", "重庆", "渝北区", 5, 1],
  ["陕西", "西安", "雁塔区", 4, 2],
  ["北京", "北京", "朝阳区", 6, 2],
  ["辽宁", "沈阳", "和平区", 3, 3],
  ["黑龙江", "哈尔滨", "道里区", 2, 4],
  ["吉林", "长春", "南关区", 2, 3],
  ["云南", "昆明", "盘龙区", 2, 3],
] as const
export type Dwelling = (typeof places)[number]

export const surnames = "王李张刘陈杨赵黄周吴徐孙马朱胡林郭何高罗郑梁谢宋唐许韩冯邓曹"
export const titles = ["女士", "先生", "小姐"] as const
export const streets = ["文昌路", "建设大道", "滨江路", "人民东路", "学府街", "春申路", "银杏巷"] as const

/** What is sold: product, variants, price in yuan, how often. 63 SKUs. */
const products: [code: string, name: string, variants: string, yuan: number, weight: number][] = [
  ["NY", "奶油风纯棉四件套", "1.5 m 燕麦,1.8 m 燕麦,2.0 m 燕麦,1.5 m 云白,1.8 m 云白,2.0 m 云白", 329, 10],
  ["TS", "天丝夏被", "150×200 雾蓝,200×230 雾蓝,150×200 月白,200×230 月白", 259, 7],
  ["RJ", "天然乳胶枕", "低枕,高枕,颗粒按摩", 139, 8],
  ["YR", "羊绒盖毯", "焦糖,燕麦,墨绿", 399, 4],
  ["CS", "蚕丝冬被", "150×200 3 斤,200×230 4 斤,220×240 5 斤", 699, 5],
  ["SX", "水洗棉四件套", "1.5 m 浅灰,1.8 m 浅灰,1.5 m 豆沙,1.8 m 豆沙", 199, 8],
  ["FR", "法兰绒毛毯", "150×200 奶咖,180×200 奶咖,150×200 雾粉,180×200 雾粉", 89, 9],
  ["JK", "加厚夹棉床笠", "1.2 m,1.5 m,1.8 m,2.0 m", 119, 6],
  ["MJ", "长绒棉毛巾三条装", "素色,条纹", 59, 9],
  ["YJ", "新疆棉浴巾", "米白,烟灰,鼠尾草", 69, 7],
  ["ZJ", "遮光窗帘", "1.5×2.0 亚麻,2.0×2.7 亚麻,1.5×2.0 雾灰,2.0×2.7 雾灰", 169, 4],
  ["DT", "短绒地毯", "80×160 米白,120×160 米白,160×230 米白", 229, 3],
  ["BZ", "亚麻抱枕套", "45×45 燕麦,45×45 橄榄,45×45 砖红,30×50 燕麦", 39, 6],
  ["ZY", "纯棉睡衣套装", "M 云白,L 云白,XL 云白,M 豆沙,L 豆沙,XL 豆沙", 149, 5],
  ["CR", "婴儿纱布浴巾", "六层 90×90,六层 105×105", 79, 4],
  ["TX", "拖鞋两双装", "36-37,38-39,40-41,42-43", 29, 5],
  ["XC", "香薰礼盒", "木质,花果", 99, 2],
  ["YL", "羽绒被", "200×230,220×240", 899, 2],
]

/** A stock-keeping unit. */
export type Sku = { sku: string; name: string; fen: number; weight: number }
/** Everything that is sold. */
export const skus: readonly Sku[] = products.flatMap(([code, name, variants, yuan, weight]) => {
  const all = variants.split(",")
  return all.map((variant, i) => ({
    sku: `${code}-${String(i + 1).padStart(2, "0")}`,
    name: `${name} ${variant}`,
    fen: (yuan + i * 20) * 100,
    weight: weight / all.length,
  }))
})
