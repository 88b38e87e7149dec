import { hoursOf } from "../../saying.ts"
import type { Words } from "../../words.ts"
import type { CaseFacts, StageFacts, WindowFacts } from "../facts.ts"
import { type Detectors, overlaps } from "./detector.ts"

const hourMs = 3_600_000
/** How long after the handing over a first scan usually stands. */
const pickupMs = 24 * hourMs
/** A stage inside this much of its usual time went as usual. */
const usualBand = 1.5

const stageNames: Record<StageFacts["stage"], Words> = {
  prepare: { "zh-Hans": "备货", "zh-Hant": "備貨", en: "preparing" },
  handover: { "zh-Hans": "交接", "zh-Hant": "交接", en: "handing over" },
}
const warehouseOf = ({ order }: CaseFacts): string | { words: Words } =>
  order.warehouse ?? { words: { "zh-Hans": "仓库", "zh-Hant": "倉庫", en: "the warehouse" } }

/** The stages that an order has to pass before its clock stops. */
const stagesOf = ({ stages, clock }: CaseFacts): StageFacts[] =>
  stages.filter(({ stage }) => stage === "prepare" || clock.kind !== "prepare")
const isSlow = ({ hourMs: hour, usualMs }: StageFacts): boolean =>
  hour !== null && usualMs !== null && hour >= 2 * usualMs
const neededMs = ({ waiting, perHour }: StageFacts): number | null =>
  perHour === null ? null : perHour === 0 ? Infinity : (waiting / perHour) * hourMs
const isBacklog = (stage: StageFacts): boolean => {
  const needed = neededMs(stage)
  return needed !== null && stage.waiting > 1 && needed > stage.leftMs
}

/** Whether a region as people write it lies in a list: 浙江 and 浙江省 are one, and so are a province and a city named beside it. */
export const covers = (regions: readonly string[], places: readonly string[]): boolean =>
  regions.length === 0 ||
  regions.some((region) => places.some((place) => bare(place) !== "" && bare(region) === bare(place)))
const bare = (region: string): string =>
  region.trim().replace(/(特别行政区|壮族自治区|回族自治区|维吾尔自治区|自治区|省|市|地区|自治州|州)$/u, "")

/** The declared windows of a kind that overlap the clock's time and cover the order. */
export function windowsOf(facts: CaseFacts, kind: WindowFacts["kind"]): WindowFacts[] {
  const { order, regions, clock } = facts
  return facts.windows.filter(
    (each) =>
      each.kind === kind &&
      overlaps(each, clock.startAt, clock.dueAt) &&
      (each.about === null ||
        each.about === order.channel ||
        each.about === order.carrier ||
        each.about === order.warehouse) &&
      (each.regions.length === 0 ||
        covers(each.regions, regions.sender) ||
        covers(each.regions, regions.receiver)),
  )
}
const ongoing: Words = { "zh-Hans": "现在", "zh-Hant": "現在", en: "now" }
const everywhere: Words = { "zh-Hans": "全部地区", "zh-Hant": "全部地區", en: "everywhere" }
const spanOf = ({ from, to }: WindowFacts) => ({
  from: { at: from },
  to: to === null ? { words: ongoing } : { at: to },
})
const regionOf = ({ regions }: WindowFacts) =>
  regions.length === 0 ? { words: everywhere } : regions.join("、")
function notice(facts: CaseFacts, kind: WindowFacts["kind"]) {
  const [found] = windowsOf(facts, kind)
  return found ? { ...spanOf(found), notice: found.name, region: regionOf(found) } : null
}

/** Whether the channel tells of the carrier's first scan, so that a missing one means something. */
const tracks = ({ channel }: CaseFacts): boolean => channel.brings.includes("collected")
const carrierOf = ({ order }: CaseFacts): string | { words: Words } =>
  order.carrier ?? { words: { "zh-Hans": "快递", "zh-Hant": "快遞", en: "the carrier" } }
const isDone = (share: number, of: number, least: number): boolean => of > 0 && share / of >= least

/** Signals that are read from the warehouse's stages, the carrier's scans, declared windows and partners. */
export const handlingSignals: Detectors = {
  stage_slow(facts) {
    const slow = stagesOf(facts).find(isSlow)
    return slow
      ? {
          hours: { ms: slow.hourMs! },
          stage: { words: stageNames[slow.stage] },
          usual: { ms: slow.usualMs! },
          warehouse: warehouseOf(facts),
        }
      : null
  },
  stage_normal(facts) {
    const known = stagesOf(facts).filter(({ hourMs: hour, usualMs }) => hour !== null && usualMs !== null)
    const isNormal = (each: StageFacts) => each.hourMs! <= usualBand * each.usualMs! && !isBacklog(each)
    return known.length > 0 && known.every(isNormal) ? { warehouse: warehouseOf(facts) } : null
  },
  backlog_high(facts) {
    const found = stagesOf(facts).find(isBacklog)
    if (!found) return null
    const needed = neededMs(found)!
    return {
      backlog: found.waiting,
      hours: Number.isFinite(needed) ? hoursOf(needed) : "∞",
      pace: Math.round(found.perHour!),
      stage: { words: stageNames[found.stage] },
      warehouse: warehouseOf(facts),
    }
  },
  load_over_capacity: ({ capacity }) =>
    capacity && capacity.due > capacity.capacity
      ? { capacity: capacity.capacity, due: capacity.due, window: capacity.window }
      : null,
  roster_short: ({ roster }) =>
    roster && roster.present < roster.planned
      ? { planned: roster.planned, present: roster.present, shift: roster.shift }
      : null,
  packing_stopped: ({ scans }) =>
    scans?.packing?.stopped
      ? { material: scans.packing.stopped.material, since: { at: scans.packing.stopped.since } }
      : null,
  material_enough: ({ scans }) =>
    scans?.packing?.enough
      ? { material: scans.packing.enough.material, quantity: scans.packing.enough.quantity }
      : null,
  same_wave_done: ({ wave, steps, clock }) =>
    wave &&
    wave.orders >= 20 &&
    isDone(wave.preparedInTime, wave.orders, 0.95) &&
    (steps.preparedAt === null || steps.preparedAt > clock.dueAt)
      ? { doneCount: wave.preparedInTime, waveCount: wave.orders }
      : null,
  scan_mismatch: ({ scans }) =>
    scans?.refused
      ? {
          expected: scans.refused.expected,
          scanned: scans.refused.scanned,
          scannedAt: { at: scans.refused.at },
        }
      : null,
  pick_short: ({ scans }) =>
    scans?.shortPick && scans.shortPick.book > 0
      ? { bin: scans.shortPick.bin, book: scans.shortPick.book, reportedAt: { at: scans.shortPick.at } }
      : null,
  no_handover_scan: ({ scans, steps }) =>
    scans && steps.shippedAt !== null && scans.handoverAt === null && scans.manifest === null ? {} : null,
  handover_scan: ({ scans, clock }) =>
    scans?.handoverAt != null && scans.handoverAt <= clock.dueAt
      ? { handoverAt: { at: scans.handoverAt }, manifest: scans.manifest ?? "–" }
      : null,
  same_lane_normal: ({ laneShipped }) =>
    laneShipped !== null && laneShipped >= 10 ? { count: laneShipped } : null,

  shipped_no_pickup(facts) {
    const { shippedAt, collectedAt } = facts.steps
    if (!tracks(facts) || shippedAt === null) return null
    const waited = (collectedAt ?? facts.now) - shippedAt
    return waited > pickupMs ? { hours: hoursOf(waited), shippedAt: { at: shippedAt } } : null
  },
  collected_in_time: ({ steps, clock }) =>
    steps.collectedAt !== null && steps.collectedAt <= clock.dueAt
      ? { collectedAt: { at: steps.collectedAt } }
      : null,
  pickup_missed_many: (facts) =>
    tracks(facts) &&
    facts.pickup &&
    facts.pickup.ready >= 10 &&
    isDone(facts.pickup.missed, facts.pickup.ready, 0.8)
      ? { carrier: carrierOf(facts), missed: facts.pickup.missed, ready: facts.pickup.ready }
      : null,
  other_carriers_normal: (facts) =>
    tracks(facts) &&
    facts.pickup &&
    facts.pickup.others.ready >= 10 &&
    facts.pickup.others.missed / facts.pickup.others.ready < 0.2
      ? {}
      : null,
  other_parcels_picked_up: (facts) =>
    tracks(facts) &&
    facts.pickup &&
    facts.pickup.ready - facts.pickup.missed >= 5 &&
    facts.pickup.missed / facts.pickup.ready < 0.8
      ? { carrier: carrierOf(facts), count: facts.pickup.ready - facts.pickup.missed }
      : null,
  label_refused_by_carrier: (facts) =>
    facts.upload?.labelRefused
      ? {
          carrier: carrierOf(facts),
          detail: facts.upload.labelRefused.detail,
          refusedAt: { at: facts.upload.labelRefused.at },
        }
      : null,
  track_stalled: ({ tracking, now }) =>
    tracking?.lastScanAt != null &&
    now - tracking.lastScanAt > tracking.stallLimitMs &&
    tracking.state !== "signed"
      ? {
          hours: hoursOf(now - tracking.lastScanAt),
          lastScanAt: { at: tracking.lastScanAt },
          place: tracking.place ?? "–",
        }
      : null,
  hub_stalled_many: ({ tracking }) =>
    tracking && tracking.stalledAtPlace >= 20 && tracking.place !== null
      ? { count: tracking.stalledAtPlace, place: tracking.place }
      : null,
  track_moving: ({ tracking, now }) =>
    tracking?.lastScanAt != null && now - tracking.lastScanAt <= pickupMs
      ? { lastScanAt: { at: tracking.lastScanAt } }
      : null,
  track_problem: (facts) =>
    facts.tracking?.problem
      ? {
          carrier: carrierOf(facts),
          detail: facts.tracking.problem.detail,
          reportedAt: { at: facts.tracking.problem.at },
        }
      : null,
  track_anomaly({ steps, paidAt, reusedTracking, tracking }) {
    const tail = reusedTracking ?? "–"
    if (tracking?.anomaly) return { detail: tracking.anomaly, trackingTail: tail }
    if (steps.collectedAt !== null && steps.collectedAt < paidAt)
      return { detail: { words: scannedEarly }, trackingTail: tail }
    return reusedTracking === null ? null : { detail: { words: usedTwice }, trackingTail: tail }
  },
  picked_up_without_shipped: ({ steps, shippedTold }) =>
    steps.collectedAt !== null && !shippedTold ? { collectedAt: { at: steps.collectedAt } } : null,
  customs_state: ({ tracking, now }) =>
    tracking?.customs &&
    (tracking.customs.clearedAt ?? now) - tracking.customs.since > tracking.customs.usualMs
      ? { since: { at: tracking.customs.since }, usual: { ms: tracking.customs.usualMs } }
      : null,
  customs_cleared: ({ tracking, clock }) =>
    tracking?.customs?.clearedAt != null && tracking.customs.clearedAt < clock.dueAt
      ? { clearedAt: { at: tracking.customs.clearedAt } }
      : null,

  carrier_notice(facts) {
    const [found] = windowsOf(facts, "carrier_limit")
    return found ? { ...spanOf(found), carrier: found.about ?? found.name, region: regionOf(found) } : null
  },
  weather_notice: (facts) => notice(facts, "weather"),
  control_notice: (facts) => notice(facts, "control"),
  region_not_covered(facts) {
    if (facts.regions.sender.length === 0 && facts.regions.receiver.length === 0) return null
    return [
      ...windowsOf(facts, "weather"),
      ...windowsOf(facts, "control"),
      ...windowsOf(facts, "carrier_limit"),
    ].length === 0
      ? {}
      : null
  },
  own_outage(facts) {
    const [found] = windowsOf(facts, "own_outage")
    return found ? { ...spanOf(found), system: found.name } : null
  },
  no_outage: (facts) =>
    facts.heartbeatRegular === true && windowsOf(facts, "own_outage").length === 0 ? {} : null,
  platform_outage(facts) {
    const [found] = windowsOf(facts, "platform_outage")
    return found ? { ...spanOf(found), channel: found.about ?? found.name, count: 1 } : null
  },

  partner_fulfils: ({ partner }) => (partner ? { partner: partner.name } : null),
  partner_no_ack: ({ partner, clock }) =>
    partner?.listSentAt != null &&
    partner.listSentAt < clock.dueAt &&
    (partner.trackedAt === null || partner.trackedAt > clock.dueAt)
      ? { partner: partner.name, sentAt: { at: partner.listSentAt } }
      : null,
  partner_list_late: ({ partner }) =>
    partner?.listSentAt != null && partner.listAgreedAt !== null && partner.listSentAt > partner.listAgreedAt
      ? { agreedAt: { at: partner.listAgreedAt }, partner: partner.name, sentAt: { at: partner.listSentAt } }
      : null,
}

const scannedEarly: Words = {
  "zh-Hans": "首次扫描早于付款",
  "zh-Hant": "首次掃描早於付款",
  en: "the first scan lies before the payment",
}
const usedTwice: Words = {
  "zh-Hans": "这个单号还用在别的收货人上",
  "zh-Hant": "這個單號還用在別的收件人上",
  en: "the number is used for other receivers too",
}
