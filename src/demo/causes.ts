import type { Instant } from "../core/instants.ts"
import { hour } from "./calendar.ts"
import type { Chance } from "./chance.ts"
import type { Planned } from "./order.ts"
import { isSoldOut, type Troubles } from "./troubles.ts"

/** Why an order was late, as the people of the sample company find out and say it. */
export type Why = {
  /** code of content/causes.json */
  cause: string
  /** what the analysis says */
  found: string
  /** why it takes until the new date */
  because: string
  /** what the report says how it went */
  went: string
  /** what is changed so that it does not come again */
  prevention: string
}

const whys: Record<string, Omit<Why, "cause">> = {
  stock_out: {
    found: "可售数和库房对不上，这个款在直播后半段已经卖空，补货在路上。",
    because: "等南通锦禾补的这批到仓，到了先发这些单",
    went: "直播时库存没有及时扣，卖空以后还在接单。补货到仓当天按付款先后发完。",
    prevention: "这个款的安全库存提到 80 套，直播前一天由采购核一次可售数。",
  },
  severe_weather: {
    found: "东北大雪，网点停收，包裹出不了省界，快递公告已存。",
    because: "等道路恢复，恢复当天优先装车",
    went: "大雪封路，发往东北三省的包裹停收两天多，恢复后当天装车发出。",
    prevention: "气象预警出来当天给这几个省的订单挂提示，先和客户约日期。",
  },
  carrier_pickup_missed: {
    found: "包裹昨天已打包，快递下午没来揽收，晚上也没有补车。",
    because: "和网点说好今天加一趟车",
    went: "韵达网点缺车，连着三天没按点来揽收，改走中通加了一趟车。",
    prevention: "揽收晚 2 小时就换备选快递，写进和网点的约定。",
  },
  shipment_not_reported: {
    found: "货已经发了，接口下午断开，没有把运单回传平台。",
    because: "技术补传运单号",
    went: "接口断了一个下午，货按时出库，运单晚上补传上去。",
    prevention: "回传失败 15 分钟就提醒运营，仓库先手工补录。",
  },
  wrong_address: {
    found: "地址缺门牌号，打电话核实后才能发。",
    because: "等客户补完整地址",
    went: "客户地址不全，客服联系上以后补好地址，当天打包发出。",
    prevention: "付款后一小时内自动查地址是否完整，缺的马上问客户。",
  },
  customer_asks_later: {
    found: "客户要求晚几天发，挂起登记晚了。",
    because: "按客户说的日子发",
    went: "客户不在家要求晚发，客服登记时已经快到期，按约好的日子发出。",
    prevention: "客户要晚发的当场登记挂起，客服班后清一遍。",
  },
  label_not_handed_over: {
    found: "面单昨天就打了，包裹压在 3 号笼车下面，没有交接。",
    because: "今天翻出来随第一趟车走",
    went: "打单以后没有进交接区，第二天盘点才找到，随第一趟车发走。",
    prevention: "每趟车走之前按交接清单扫一遍，没扫到的当场找。",
  },
  preparing_backlog: {
    found: "直播单集中进来，拣货线排队，这单排在后面。",
    because: "今晚加一条线，按到期先后拣",
    went: "订单集中，拣货排队超过一天，加了一条线按到期先后补完。",
    prevention: "大场直播前把第二天的早班加到 6 人，按到期先后排波次。",
  },
  demand_beyond_plan: {
    found: "返场卖得比排产多一倍，两个仓的产能都不够。",
    because: "两个仓都加班到 23:00，三天补完",
    went: "周年庆返场超出计划一倍，仓库连着加班三天才补完。",
    prevention: "每场开播前按预计单量核产能，超出的部分改成预售。",
  },
  pick_error: {
    found: "拣货漏了一件，复核时退回重拣。",
    because: "补拣后随下一趟车",
    went: "拣货漏件，复核退回，补拣以后随下一趟车发出。",
    prevention: "同款不同尺寸的货位分开，复核扫到数量不符就亮灯。",
  },
  manual_review_backlog: {
    found: "订单备注要人工看，审单排到了第二天。",
    because: "审完马上进仓",
    went: "带备注的订单在审单积了一夜，早上审完进仓，当天发出。",
    prevention: "只写了颜色和尺寸的备注不再拦，审单每两小时清一次。",
  },
}

const ordinary = [
  ["preparing_backlog", 5],
  ["pick_error", 3],
  ["manual_review_backlog", 2],
] as const

/** Why an order was late. */
export function whyLate(chance: Chance, order: Planned, troubles: Troubles, openedAt: Instant): Why {
  const cause = causeOf(chance, order, troubles, openedAt)
  return { cause, ...whys[cause]! }
}

function causeOf(chance: Chance, order: Planned, troubles: Troubles, openedAt: Instant): string {
  const { preparedAt, shippedAt, collectedAt, holds, paidAt } = order
  if (isSoldOut(troubles, order.item.sku, order.readyAt)) return "stock_out"
  const [hold] = holds
  if (hold?.name === "address") return "wrong_address"
  if (hold?.name === "later") return "customer_asks_later"
  if (preparedAt !== null && shippedAt !== null && preparedAt < openedAt) {
    const { storms, silences, carrierDelays } = troubles
    if (storms.some((each) => each.provinces.includes(order.place[0]) && shippedAt >= each.until - hour))
      return "severe_weather"
    if (silences.some(({ from, until }) => shippedAt >= from && shippedAt < until))
      return "shipment_not_reported"
    if (shippedAt - preparedAt > 15 * hour) return "label_not_handed_over"
    const isDelayed = carrierDelays.some(({ carrier, until }) => carrier === order.carrier && paidAt < until)
    if (isDelayed && collectedAt !== null && collectedAt - shippedAt > 18 * hour)
      return "carrier_pickup_missed"
  }
  if (order.details.liveSession === "周年庆返场" && chance.happens(0.35)) return "demand_beyond_plan"
  return chance.weighed(ordinary)
}
