import type { Instant } from "./instants.ts"
import { isoOf, isoOrNull } from "./instants.ts"
import { hasState, slotMs, slotOf, type Topic } from "./rollups.ts"
import type { ShopSettings } from "./settings.ts"

/** A count as it is read: topic, slot, the parts of its key and how many. */
export type Count = { topic: Topic; slot: number; parts: readonly string[]; n: number }

/** Orders created or paid today within the scope: of one minute, or (without a slot) of one shop and session. */
export type Arrivals = {
  fact: string
  slot: number | null
  channel: string
  shop: string
  liveSession: string
  n: number
  lastHour: number
  lastMinute: number
}

/** All that the board is made of. */
export type BoardInput = {
  now: Instant
  /** when the company's day began */
  today: Instant
  timezone: string
  scope: { channel?: string | undefined; shop?: string | undefined }
  counts: readonly Count[]
  arrivals: readonly Arrivals[]
  anomalies: readonly { word: string; n: number; channel: string; shop: string; orderNo: string }[]
  /** what is due first of what is over, and of what can still be kept */
  firstDues: readonly { kind: string; over: boolean; dueAt: Instant }[]
  holders: readonly { department: string | null; n: number; number: string }[]
  shops: readonly { channel: string; shop: string; receivedAt: Instant; toldAt: Instant | null }[]
  stuck: number
  usual: [number, number][]
  shopSettings(channel: string, shop: string): ShopSettings
}

const hour = 3_600_000
const minute = 60_000
const stages = [
  "created",
  "deposit_paid",
  "paid",
  "prepared",
  "shipped",
  "collected",
  "delivered",
  "cancelled",
  "refunded",
] as const

/** The board: every number with the cut that its link carries. Shapes are those of the API's contract. */
export function boardOf(input: BoardInput) {
  const inScope = scoped(input)
  return {
    asOf: isoOf(input.now),
    timezone: input.timezone,
    stages: stageCounts(inScope),
    clocks: clockCounts(inScope),
    ribbon: { prepare: ribbonOf(input, inScope, "prepare"), ship: ribbonOf(input, inScope, "ship") },
    today: { ...todayCounts(input, inScope), since: isoOf(input.today) },
    arrivals: arrivalsOf(input),
    echo: echoOf(input, inScope),
    cases: casesOf(input),
    channels: agesOf(input),
    attention: attentionOf(input, inScope),
  }
}

/** Channel and shop stand at the end of a count's parts. */
function scoped({ counts, scope }: BoardInput): Count[] {
  return counts.filter(({ topic, parts }) => {
    if (topic === "case") return true
    const last = parts.length - 1
    return (
      (!scope.channel || parts[last - 1] === scope.channel) && (!scope.shop || parts[last] === scope.shop)
    )
  })
}

const sum = (counts: readonly Count[]): number => counts.reduce((n, each) => n + each.n, 0)
const of = (counts: readonly Count[], topic: Topic): Count[] => counts.filter((each) => each.topic === topic)

function stageCounts(counts: readonly Count[]) {
  const own = of(counts, "stage")
  return stages.map((stage) => {
    const inStage = own.filter(({ parts }) => parts[0] === stage)
    return {
      stage,
      count: sum(inStage),
      over: sum(inStage.filter(({ parts }) => hasState(parts[1]!, "over"))),
    }
  })
}

function clockCounts(counts: readonly Count[]) {
  const own = of(counts, "open")
  const inState = (...states: string[]) => sum(own.filter(({ parts }) => states.includes(parts[2]!)))
  return {
    running: inState("running"),
    near: inState("near"),
    paused: inState("paused"),
    overdue: inState("over", "unconfirmed"),
  }
}

/** The cuts of the ribbon: now, the first slot ends at or after now + 1, 4, 12 and 24 hours, and beyond. */
export function cutsOf(
  now: Instant,
): { key: "1h" | "4h" | "12h" | "24h" | "later"; from: Instant; to: Instant | null }[] {
  const ends = [1, 4, 12, 24].map((hours) => Math.ceil((now + hours * hour) / slotMs) * slotMs)
  const keys = ["1h", "4h", "12h", "24h", "later"] as const
  return keys.map((key, i) => ({ key, from: i === 0 ? now : ends[i - 1]!, to: ends[i] ?? null }))
}

const firstDue = (firstDues: BoardInput["firstDues"], kind: string, over: boolean): Instant | undefined =>
  firstDues.find((each) => each.kind === kind && each.over === over)?.dueAt

function ribbonOf({ now, firstDues }: BoardInput, counts: readonly Count[], kind: string) {
  const own = of(counts, "ribbon").filter(({ parts }) => parts[0] === kind)
  const over = own.filter(({ parts }) => parts[2] === "over")
  const open = own.filter(({ parts, slot }) => parts[2] !== "over" && slot >= 0)
  const section = (key: string, from: Instant | null, to: Instant | null, counts: readonly Count[]) => ({
    key,
    from: isoOrNull(from),
    to: isoOrNull(to),
    count: sum(counts),
    byBasis: byPart(counts, 1),
    oldestDueAt: key === "overdue" ? isoOrNull(firstDue(firstDues, kind, true)) : null,
    slots: slotsOf(counts),
  })
  const later = cutsOf(now).map(({ key, from, to }) => {
    // What is due in the present slot and not over yet stands in the first section.
    const first = key === "1h" ? -1 : slotOf(from)
    return section(
      key,
      from,
      to,
      open.filter(({ slot }) => slot >= first && (to === null || slot < slotOf(to))),
    )
  })
  return [section("overdue", null, now, over), ...later] as BoardRibbon
}
type BoardRibbon = {
  key: "overdue" | "1h" | "4h" | "12h" | "24h" | "later"
  from: string | null
  to: string | null
  count: number
  byBasis: Record<string, number>
  oldestDueAt: string | null
  slots: [string, number][]
}[]

function byPart(counts: readonly Count[], part: number): Record<string, number> {
  const by: Record<string, number> = {}
  for (const { parts, n } of counts) by[parts[part]!] = (by[parts[part]!] ?? 0) + n
  return by
}

function slotsOf(counts: readonly Count[]): [string, number][] {
  const by = new Map<number, number>()
  for (const { slot, n } of counts) by.set(slot, (by.get(slot) ?? 0) + n)
  return [...by].sort(([one], [other]) => one - other).map(([slot, n]) => [isoOf(slot * slotMs), n])
}

function todayCounts({ today }: BoardInput, counts: readonly Count[]) {
  const since = slotOf(today)
  const fired = (topic: Topic) => sum(of(counts, topic).filter(({ slot }) => slot >= since))
  return { warnings: fired("warning"), breaches: fired("fired") }
}

function arrivalsOf({ arrivals, usual }: BoardInput) {
  const shares = arrivals.filter(({ slot }) => slot === null)
  const group = <Key extends object>(key: (each: Arrivals) => Key | null) => {
    const groups = new Map<string, { key: Key; shares: Arrivals[] }>()
    for (const each of shares) {
      const about = key(each)
      if (about === null) continue
      const name = JSON.stringify(about)
      const found = groups.get(name)
      if (found) found.shares.push(each)
      else groups.set(name, { key: about, shares: [each] })
    }
    return [...groups.values()]
      .map(({ key: about, shares }) => ({
        ...about,
        created: flow(shares, "created"),
        paid: flow(shares, "paid"),
      }))
      .sort((one, other) => other.paid.today - one.paid.today)
  }
  return {
    created: flow(shares, "created"),
    paid: flow(shares, "paid"),
    byChannel: group(({ channel }) => ({ channel })),
    byShop: group(({ channel, shop }) => ({ channel, shop })),
    bySession: group(({ channel, shop, liveSession }) =>
      liveSession ? { liveSession, channel, shop } : null,
    ),
    minutes: minutesOf(arrivals),
    usual,
  }
}

/** Of the last whole minute, the last sixty minutes and today. */
function flow(shares: readonly Arrivals[], fact: string) {
  const all = { lastMinute: 0, lastHour: 0, today: 0 }
  for (const each of shares) {
    if (each.fact !== fact) continue
    all.lastMinute += each.lastMinute
    all.lastHour += each.lastHour
    all.today += each.n
  }
  return all
}

function minutesOf(arrivals: readonly Arrivals[]): [string, number, number][] {
  const by = new Map<number, [number, number]>()
  for (const { fact, slot, n } of arrivals) {
    if (slot === null) continue
    const pair = by.get(slot) ?? [0, 0]
    pair[fact === "created" ? 0 : 1] += n
    by.set(slot, pair)
  }
  return [...by]
    .sort(([one], [other]) => one - other)
    .map(([slot, [created, paid]]) => [isoOf(slot * minute), created, paid])
}

/** What falls due in each of the next 48 hours. */
function echoOf({ now }: BoardInput, counts: readonly Count[]) {
  const own = of(counts, "ribbon").filter(({ parts }) => parts[2] !== "over")
  const first = Math.floor(now / hour)
  return Array.from({ length: 48 }, (_, i) => {
    const inHour = own.filter(({ slot }) => Math.floor((slot * slotMs) / hour) === first + i)
    const due = (kind: string) => sum(inHour.filter(({ parts }) => parts[0] === kind))
    return { hour: isoOf((first + i) * hour), prepare: due("prepare"), ship: due("ship") }
  })
}

function casesOf({ counts, holders }: BoardInput) {
  const own = of(counts, "case")
  const byState = Object.entries(byPart(own, 0)).map(([state, count]) => ({
    state: state as CaseState,
    count,
  }))
  const byDepartment = holders.map(({ department, n, number }) => ({
    department,
    count: n,
    oldest: { id: number, number, what: "assign", dueAt: null },
  }))
  return { open: holders.reduce((n, each) => n + each.n, 0), byState, byDepartment }
}
type CaseState =
  | "open"
  | "assigned"
  | "analysed"
  | "planned"
  | "resolved"
  | "reported"
  | "archived"
  | "withdrawn"

/** Live channels that were silent for this long are said to be stale. */
const silentMs = 30 * minute

function agesOf({ shops, scope, now, shopSettings }: BoardInput) {
  return shops
    .filter(
      (each) =>
        (!scope.channel || each.channel === scope.channel) && (!scope.shop || each.shop === scope.shop),
    )
    .map(({ channel, shop, toldAt, receivedAt }) => {
      const { mode, graceMs } = shopSettings(channel, shop)
      const stale = mode === "live" ? now - receivedAt > silentMs : toldAt === null || now - toldAt > graceMs
      return { channel, shop, mode, lastToldAt: isoOrNull(toldAt), lastReceivedAt: isoOf(receivedAt), stale }
    })
}

type Attention = {
  kind: "over" | "near" | "case" | "anomaly" | "stuck" | "stale"
  what: string
  count: number
  dueAt: string | null
  link: string
  example: { channel: string; shop: string; orderNo: string } | null
}

/** What needs a person now: what is over, what is due within the hour, cases without a department, oddities, stuck orders. */
function attentionOf(input: BoardInput, counts: readonly Count[]): Attention[] {
  const all: Attention[] = []
  const within = scopeQuery(input.scope)
  const push = (
    kind: Attention["kind"],
    what: string,
    count: number,
    link: string,
    dueAt: string | null = null,
    example: Attention["example"] = null,
  ) => {
    if (count > 0) all.push({ kind, what, count, dueAt, link, example })
  }
  for (const kind of ["ship", "prepare"]) {
    const [over, soon] = ribbonOf(input, counts, kind)
    push("over", kind, over!.count, `/orders?clock=${kind}&state=over${within}`, over!.oldestDueAt)
    push(
      "near",
      kind,
      soon!.count,
      `/orders?clock=${kind}&dueFrom=${soon!.from}&dueTo=${soon!.to}${within}`,
      isoOrNull(firstDue(input.firstDues, kind, false)),
    )
  }
  const unassigned = input.holders.find(({ department }) => department === null)
  push("case", "assign", unassigned?.n ?? 0, "/cases?state=open&department=none")
  for (const { word, n, channel, shop, orderNo } of input.anomalies)
    push("anomaly", word, n, `/orders?anomaly=${word}${within}`, null, { channel, shop, orderNo })
  push("stuck", "stuck", input.stuck, "/engine")
  return all
}

function scopeQuery({ channel, shop }: BoardInput["scope"]): string {
  return `${channel ? `&channel=${encodeURIComponent(channel)}` : ""}${shop ? `&shop=${encodeURIComponent(shop)}` : ""}`
}
