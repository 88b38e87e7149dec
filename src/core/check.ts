import type { Calendar } from "./calendars.ts"
import { eventsOf } from "./imports.ts"
import { type Instant, isoOf } from "./instants.ts"
import { type Answer, compileRules, judge } from "./judge.ts"
import { append, type Told, toldOf } from "./ledger.ts"
import type { FileFact } from "./mapping.ts"
import { Packer } from "./packing.ts"
import type { Policy } from "./policy.ts"
import type { RowFacts, RowRefusal } from "./rows.ts"
import type { ChannelSettings } from "./settings.ts"
import { addClocks, type ClockCounts, emptyCounts } from "./summary.ts"

/** What `check` answers (DESIGN §3). */
export type CheckReport = {
  asOf: string
  policy: string
  rows: number
  orders: number
  rejectedCount: number
  /** the first 1,000 */
  rejected: RowRefusal[]
  anomalies: Record<string, number>
  clocks: ClockCounts
  /** orders of which a row could not be read, the first 1,000 */
  incomplete: string[]
  notes: { code: string; count: number }[]
  unknownStatuses: { word: string; count: number }[]
}

/** One judged order, for whoever lists them. */
export type CheckedOrder = { orderNo: string; name: string | null; answer: Answer; incomplete: boolean }

const listedMax = 1_000
const keySeparator = "\u001f"

/** Takes the rows of a file in any order, keeps little of each, and judges at the end. */
export class Check {
  #rows = 0
  #rejectedCount = 0
  readonly #rejected: RowRefusal[] = []
  readonly #orders = new Map<string, string>()
  readonly #channels = new Set<string>()
  readonly #incomplete = new Set<string>()
  readonly #packer = new Packer()
  readonly #inFuture = new Map<FileFact, number>()
  #latest: Instant = 0
  readonly #now: Instant
  readonly #subOrders: boolean

  /** `now`: the machine's instant; `subOrders`: the same number twice is one row, the last. */
  constructor(options: { now: Instant; subOrders: boolean }) {
    this.#now = options.now
    this.#subOrders = options.subOrders
  }

  /** Takes a row in. */
  add(row: RowFacts): void {
    this.#rows += 1
    this.#hear(row)
    this.#channels.add(row.channel)
    const key = [row.channel, row.shop ?? "main", row.orderNo].join(keySeparator)
    const packed = this.#packer.pack(row)
    const before = this.#orders.get(key)
    if (before === undefined || this.#subOrders) this.#orders.set(key, packed)
    else if (!before.split("\n").includes(packed)) this.#orders.set(key, `${before}\n${packed}`)
  }

  #hear(row: RowFacts): void {
    for (const type in row.facts) {
      const at = row.facts[type as FileFact]!
      if (at > this.#now)
        this.#inFuture.set(type as FileFact, (this.#inFuture.get(type as FileFact) ?? 0) + 1)
      else if (at > this.#latest) this.#latest = at
    }
  }

  /** Notes a row that cannot be read; it counts in nothing. */
  refuse(refusal: RowRefusal, orderNo: string | null): void {
    this.#rejectedCount += 1
    if (this.#rejected.length < listedMax) this.#rejected.push(refusal)
    if (orderNo && this.#incomplete.size < listedMax) this.#incomplete.add(orderNo)
  }

  /** The file's instant by default: when it was last changed, never before the latest fact in it that is not in the future. */
  instantOf(changedAt: Instant): Instant {
    return Math.max(changedAt, this.#latest)
  }

  /** Judges every order at `asOf` and counts; `each` hears of every order. */
  finish(
    given: {
      asOf: Instant
      exportedAt: Instant
      source: string
      policy: { name: string; policies: readonly Policy[]; calendars: Record<string, Calendar> }
      settings: ChannelSettings
      unknownWords: ReadonlyMap<string, number>
    },
    each?: (order: CheckedOrder) => void,
  ): CheckReport {
    const { policies, calendars, name } = given.policy
    const channels = new Set([...this.#orders.keys()].map((key) => key.slice(0, key.indexOf(keySeparator))))
    const settings = {
      channels: Object.fromEntries([...channels].map((channel) => [channel, given.settings])),
    }
    const rules = compileRules({ policies, calendars, settings })
    const clocks = emptyCounts(policies)
    for (const kind in clocks)
      clocks[kind as keyof ClockCounts]!.observed = kindObserved(policies, kind, given.settings.facts ?? [])
    const anomalies: Record<string, number> = {}
    let missing = 0
    for (const [key, packed] of this.#orders) {
      const [channel, shop, orderNo] = key.split(keySeparator) as [string, string, string]
      const rows = packed.split("\n").map((text) => this.#packer.unpack(text))
      const told: Told[] = []
      for (const event of eventsOf(rows, given)) {
        append(told, toldOf(event))
        if (event.eventId?.endsWith(":status")) missing += 1
      }
      const answer = judge({ channel, shop, orderNo }, told, rules, given.asOf)
      for (const word of answer.anomalies) anomalies[word] = (anomalies[word] ?? 0) + 1
      for (const clock of answer.clocks) if (clock.basis === "company") addClocks(clocks, clock)
      each?.({ orderNo, name: rows[0]!.name, answer, incomplete: this.#incomplete.has(orderNo) })
    }
    return {
      asOf: isoOf(given.asOf),
      policy: name,
      rows: this.#rows,
      orders: this.#orders.size,
      rejectedCount: this.#rejectedCount,
      rejected: this.#rejected,
      anomalies,
      clocks,
      incomplete: [...this.#incomplete],
      notes: notesOf(this.#inFuture, missing),
      unknownStatuses: [...given.unknownWords].map(([word, count]) => ({ word, count })),
    }
  }
}

/** Whether the file tells of a step that stops clocks of a kind. */
function kindObserved(policies: readonly Policy[], kind: string, facts: readonly string[]): boolean {
  return policies.some(({ standards }) =>
    standards.some(
      ({ clock, stop, exempt }) => clock === kind && !exempt && stop?.some((type) => facts.includes(type)),
    ),
  )
}

function notesOf(
  inFuture: ReadonlyMap<FileFact, number>,
  missing: number,
): { code: string; count: number }[] {
  const future = [...inFuture.values()].reduce((n, each) => n + each, 0)
  const notes = [
    { code: "in_future", count: future },
    { code: "instant_missing", count: missing },
  ]
  return notes.filter(({ count }) => count > 0)
}
