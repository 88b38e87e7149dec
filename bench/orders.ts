import { admit } from "../src/core/door.ts"
import type { Incoming } from "../src/engine/record.ts"

const teller = { source: "bench", mayAgree: false, hasPolicy: () => true }

/** Keys with numbers of nineteen digits that rise with time, as the platforms' do. */
const keyOf = (i: number) => ({
  channel: "douyin",
  shop: "s1",
  orderNo: `69${String(i).padStart(10, "0")}0000000`,
})

/** A later step of an order. */
export const prepared = (i: number, at: number): object => ({
  ...keyOf(i),
  type: "prepared",
  at: new Date(at).toISOString(),
  eventId: "w",
})
export const shipped = (i: number, at: number): object => ({
  ...keyOf(i),
  type: "shipped",
  at: new Date(at).toISOString(),
  eventId: "s",
  order: { carrier: "SF", trackingNo: `SF${i}` },
})

/** What a channel tells of a new order: created and paid, one item, a receiver. */
export function told(i: number, paidAt: number): object[] {
  const key = keyOf(i)
  const order = {
    type: "normal",
    amount: 32_900,
    currency: "CNY",
    liveSession: "春日焕新专场",
    warehouse: "宁波一仓",
    items: [{ line: "1", sku: `SKU-${i % 300}`, name: "奶油风纯棉四件套 1.8 m 燕麦", quantity: 1 }],
    receiver: {
      name: "林小姐",
      phone: `139${String(i).padStart(8, "0")}`,
      province: "浙江",
      city: "宁波",
      address: "鄞州区某路 1 号",
    },
  }
  return [
    { ...key, type: "created", at: new Date(paidAt - 30_000).toISOString(), eventId: "c", order },
    { ...key, type: "paid", at: new Date(paidAt).toISOString(), eventId: "p" },
  ]
}

/** The same as the engine takes it in. */
export function incoming(events: readonly object[]): Incoming[] {
  return events.map((event) => {
    const read = admit(event, teller)
    if ("refused" in read) throw new Error(read.refused.message)
    return read.admitted
  })
}
