import type { Instant } from "../core/instants.ts"
import { day, dayStart, hour } from "./calendar.ts"

/** A span of instants, half open. */
export type Span = { from: Instant; until: Instant }
const within = (at: Instant, { from, until }: Span): boolean => at >= from && at < until

/** What went wrong in the month, told from the instant at which the demo starts. */
export type Troubles = {
  stockOuts: (Span & { sku: string })[]
  carrierDelays: (Span & { carrier: string })[]
  storms: (Span & { provinces: readonly string[] })[]
  /** shipments of a channel that its interface told late */
  silences: (Span & { channel: string; toldAt: Instant })[]
  /** labels printed for parcels that then lay about: how many of them */
  mislaid: (Span & { share: number })[]
}

/** The month's troubles: two stock-outs (one of them now), a carrier that did not come, a storm in the north-east, an interface that was silent for an afternoon. */
export function troublesOf(now: Instant): Troubles {
  const ago = (days: number, atHour: number) => dayStart(now) - days * day + atHour * hour
  return {
    stockOuts: [
      { sku: "NY-02", from: ago(11, 21), until: ago(8, 15) },
      { sku: "TS-04", from: now - 2.5 * day, until: now + 15 * hour },
    ],
    carrierDelays: [{ carrier: "韵达快递", from: ago(8, 10), until: ago(6, 18) }],
    storms: [{ provinces: ["黑龙江", "吉林", "辽宁"], from: ago(18, 6), until: ago(15, 12) }],
    silences: [{ channel: "kuaishou", from: ago(4, 13), until: ago(4, 18), toldAt: ago(4, 22) }],
    mislaid: [{ from: now - 2 * day, until: now - 1.2 * day, share: 0.07 }],
  }
}

/** When a SKU can be packed again that is wanted at an instant. */
export function inStockAt({ stockOuts }: Troubles, sku: string, at: Instant): Instant {
  return stockOuts.find((each) => each.sku === sku && within(at, each))?.until ?? at
}

/** Whether a SKU is sold out at an instant. */
export const isSoldOut = ({ stockOuts }: Troubles, sku: string, at: Instant): boolean =>
  stockOuts.some((each) => each.sku === sku && within(at, each))

/** When a storm lets parcels leave for a province again. */
export function clearAt({ storms }: Troubles, province: string, at: Instant): Instant {
  return storms.find((each) => each.provinces.includes(province) && within(at, each))?.until ?? at
}

/** When a carrier that should come at an instant really comes. */
export function pickedUpAt(
  { carrierDelays }: Troubles,
  carrier: string,
  at: Instant,
  lateMs: number,
): Instant {
  return carrierDelays.some((each) => each.carrier === carrier && within(at, each)) ? at + lateMs : at
}

/** When a channel's interface tells of a shipment. */
export function heardAt({ silences }: Troubles, channel: string, at: Instant): Instant {
  return silences.find((each) => each.channel === channel && within(at, each))?.toldAt ?? at
}

/** How many labels of an instant lie about until somebody finds the parcel. */
export const mislaidShare = ({ mislaid }: Troubles, at: Instant): number =>
  mislaid.find((each) => within(at, each))?.share ?? 0.008
