import type { CaseFacts } from "../core/causes.ts"

const hourMs = 3_600_000
/** Monday, 10:00 in Shanghai. */
export const mondayTen = Date.UTC(2026, 10, 23, 2)

/** A case of which nothing is known but this: paid Monday 10:00, not prepared by Tuesday 10:00, looked at on Tuesday at 12:00. */
export const bareCase: CaseFacts = {
  now: mondayTen + 26 * hourMs,
  order: {
    channel: "douyin",
    shop: "青禾里旗舰店",
    orderNo: "743125",
    warehouse: "一仓",
    carrier: "圆通",
    liveSession: "春日焕新专场",
    type: "normal",
    promisedShipAt: null,
    presaleShipBy: null,
  },
  clock: {
    kind: "prepare",
    basis: "company",
    startAt: mondayTen,
    dueAt: mondayTen + 24 * hourMs,
    closedAt: null,
    withinMs: 24 * hourMs,
  },
  paidAt: mondayTen,
  steps: { preparedAt: null, shippedAt: null, collectedAt: null, deliveredAt: null },
  shippedTold: false,
  lines: [
    {
      line: "1",
      name: "四件套 燕麦",
      sku: "QH-2041",
      quantity: 1,
      extra: false,
      preparedAt: null,
      shippedAt: null,
      leftAt: null,
    },
  ],
  holds: [],
  addressCorrectedAt: null,
  promiseChanges: [],
  datesAgreed: [],
  refundRequestedAt: null,
  channel: {
    brings: ["paid", "prepared", "shipped", "collected"],
    mode: "live",
    heardAt: mondayTen + 26 * hourMs,
  },
  paidKnownAt: mondayTen + 60_000,
  cameLate: 0,
  stages: [],
  wave: null,
  pickup: null,
  reusedTracking: null,
  stock: [],
  shopsOfSku: null,
  otherTypes: null,
  typeWords: null,
  windows: [],
  regions: { sender: ["浙江"], receiver: ["广东", "广州"] },
  laneShipped: null,
  partner: null,
}
