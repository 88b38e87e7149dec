import { contentOf, type OrderEvent } from "./events.ts"
import type { Instant } from "./instants.ts"

/** What is kept of one telling: each content under each identity once. */
export type Told = {
  readonly event: OrderEvent
  /** R1 */
  readonly content: string
  /** names (source, eventId); empty without an eventId, since those are one whatever their source (R2) */
  readonly identity: string
  /** the greatest ever accepted for this content under this identity (R4); null: none */
  observedAt: Instant | null
  /** whether this version holds (R3) */
  holds: boolean
}

/** What becomes of an event that is told. */
export type Verdict1 = "accepted" | "duplicate" | "corrected" | "superseded" | "conflict"

/** What names an event to its teller: (source, eventId), or nothing without an eventId (R2). */
export const identityOf = ({ source, eventId }: OrderEvent): string =>
  eventId === undefined ? "" : `${source}\u001f${eventId}`

/** An event as it is first told; its content is computed when two tellings are first compared. */
class FirstTold implements Told {
  readonly event: OrderEvent
  readonly identity: string
  observedAt: Instant | null
  holds = true
  #content: string | undefined

  constructor(event: OrderEvent) {
    this.event = event
    this.identity = identityOf(event)
    this.observedAt = event.observedAt ?? null
  }

  get content(): string {
    this.#content ??= contentOf(this.event)
    return this.#content
  }
}

/** An event as it is first told. */
export const toldOf = (event: OrderEvent): Told => new FirstTold(event)

/** The instant at which an event was told: its greatest `observedAt`, or its `at`. */
export const tellingOf = (told: Told): Instant => told.observedAt ?? told.event.at

/** Takes a telling into those of its order (R2–R4). `changed` names the tellings added or altered; a conflict changes nothing. `isSame` compares contents, by a digest where there is one. */
export function append<Kept extends Told>(
  all: Kept[],
  fresh: Kept,
  isSame = (one: Kept, other: Kept): boolean => one.content === other.content,
): { answer: Verdict1; changed: Kept[] } {
  const own = all.filter((each) => each.identity === fresh.identity)
  const same = own.find((each) => isSame(each, fresh))
  // R2: without an eventId only the content tells events apart.
  if (fresh.identity === "") return same ? duplicate(same, fresh) : accept(all, fresh)
  const holding = own.find((each) => each.holds)
  if (holding === undefined) return accept(all, fresh)
  if (same === holding) return duplicate(holding, fresh)
  // R3: other content is a correction and must be ordered.
  if (fresh.observedAt === null || holding.observedAt === null || fresh.observedAt === holding.observedAt)
    return { answer: "conflict", changed: [] }
  const kept = same ?? fresh
  const changed = new Set<Kept>()
  if (same === undefined) {
    fresh.holds = false
    all.push(fresh)
    changed.add(fresh)
  } else if (lift(same, fresh)) changed.add(same)
  if (fresh.observedAt < holding.observedAt) return { answer: "superseded", changed: [...changed] }
  holding.holds = false
  kept.holds = true
  return { answer: "corrected", changed: [...changed.add(holding).add(kept)] }
}

function accept<Kept extends Told>(all: Kept[], fresh: Kept): { answer: Verdict1; changed: Kept[] } {
  all.push(fresh)
  return { answer: "accepted", changed: [fresh] }
}

function duplicate<Kept extends Told>(kept: Kept, fresh: Kept): { answer: Verdict1; changed: Kept[] } {
  return { answer: "duplicate", changed: lift(kept, fresh) ? [kept] : [] }
}

/** R4: a duplicate lifts the telling to the greatest; any ranks above none. */
function lift(kept: Told, fresh: Told): boolean {
  if (fresh.observedAt === null || (kept.observedAt !== null && kept.observedAt >= fresh.observedAt))
    return false
  kept.observedAt = fresh.observedAt
  return true
}

/** R5, R6: the tellings valid at `now` — known, holding and not voided by a valid retraction. */
export function validAt<Kept extends Told>(all: readonly Kept[], now: Instant): Kept[] {
  const known = all.filter((each) => each.holds && each.event.at <= now)
  const retractions = known.filter((each) => each.event.type === "retracted")
  if (retractions.length === 0) return known
  return known.filter((each) => !retractions.some((retraction) => voids(retraction.event, each.event)))
}

/** R5: by eventId of the same source, else by type and instant of any source; a retraction is never retracted. */
function voids(retraction: OrderEvent, event: OrderEvent): boolean {
  if (event.type === "retracted" || retraction.of === undefined) return false
  if ("eventId" in retraction.of)
    return event.eventId === retraction.of.eventId && event.source === retraction.source
  return event.type === retraction.of.type && event.at === retraction.of.at
}
