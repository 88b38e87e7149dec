import type { ClockView, EventView, ExplainView, OrderView } from "../../src/api/contract.ts"
import { markOf, msOf } from "../marks/states.ts"
import { length } from "../time/countdown.ts"
import { sayShort, type Told } from "../time/dates.ts"
import { hasWords } from "../words/words.ts"
import { type Lane, type Mark, type MarkIcon, type Pause, weights } from "./model.ts"

type Words = (key: string, values?: Record<string, unknown>) => string
type Explained = ExplainView["clocks"][number]

/** The name of a clock: kind · basis. */
export const nameOf = (t: Words, { kind, basis }: Pick<ClockView, "kind" | "basis">): string =>
  `${t(`marks.kind.${kind}`)} · ${t(`marks.basis.${basis}`)}`

/** What identifies a clock of an order. */
export const clockKey = ({ kind, basis, round }: Pick<ClockView, "kind" | "basis" | "round">): string =>
  `${basis}/${kind}/${round}`

/** The lanes of an order; pauses and moves come with the explanation and are left out until it is here. */
export function lanesOf(
  order: OrderView,
  explained: ExplainView | undefined,
  t: Words,
  told: Told & { now: number },
): Lane[] {
  return order.clocks.map((clock) => {
    const own = explained?.clocks.find((each) => clockKey(each) === clockKey(clock))
    const pauses: Pause[] = (own?.pauses ?? []).map(({ from, to, reason }) => ({
      from: Date.parse(from),
      to: msOf(to),
      why: holdName(t, reason),
    }))
    const moved = own?.steps.find(({ what }) => what === "moved")
    const state = markOf(clock)
    return {
      key: clockKey(clock),
      kind: clock.kind,
      basis: clock.basis,
      name: nameOf(t, clock),
      note: noteOf(order, clock, pauses, t, told),
      state,
      startAt: Date.parse(clock.startAt),
      dueAt: msOf(clock.dueAt),
      closedAt: msOf(clock.closedAt),
      warnAt: clock.warnAt.filter((at) => at !== null).map((at) => Date.parse(at)),
      pauses,
      binding: clock.binding,
      proposed: false,
      askBy: null,
      movedFrom: movedFromOf(own),
      movedWhy: moved ? moved.words[told.language] : null,
      figure:
        clock.outcome === "replaced"
          ? t("marks.outcome.replaced")
          : clock.outcome === "cancelled"
            ? t("marks.state.cancelled")
            : null,
      word: wordOf(t, clock, state),
    }
  })
}

function movedFromOf(own: Explained | undefined): number | null {
  const moved = own?.steps.filter(({ what }) => what === "moved") ?? []
  const before = moved.at(-1)?.data.before
  return typeof before === "string" ? Date.parse(before) : typeof before === "number" ? before : null
}

function wordOf(t: Words, clock: ClockView, state: Lane["state"]): string {
  if (clock.outcome === "late") return t("marks.outcome.late")
  if (clock.outcome === "cancelled" || clock.outcome === "replaced")
    return clock.stoppedBy ? eventName(t, clock.stoppedBy) : t("marks.outcome.ended")
  return t(`marks.state.${state}`)
}

/** The one plain line under a clock's name: its case, what moved it, what stops it, or how long it is. */
function noteOf(
  order: OrderView,
  clock: ClockView,
  pauses: readonly Pause[],
  t: Words,
  told: Told,
): string | null {
  if (!clock.observed) return t("line.note.unobserved")
  const [ref] = order.caseRefs
  if (clock.basis === "company" && (clock.state === "over" || clock.outcome === "late") && ref)
    return t("line.note.case", { number: ref.number })
  const pausedMs = pauses.reduce((sum, { from, to }) => sum + (to === null ? 0 : to - from), 0)
  if (pausedMs > 0) return t("line.note.paused", { much: length(pausedMs, told.language) })
  if (clock.stoppedBy && clock.closedAt) return t("line.note.stopped", { by: eventName(t, clock.stoppedBy) })
  if (clock.basis === "platform") return t("line.note.promise")
  if (clock.dueAt === null) return null
  return t("line.note.within", {
    much: length(Date.parse(clock.dueAt) - Date.parse(clock.startAt), told.language),
  })
}

const iconOf: Record<string, MarkIcon> = {
  created: "created",
  paid: "paid",
  deposit_paid: "paid",
  prepared: "prepared",
  shipped: "shipped",
  collected: "collected",
  delivered: "delivered",
  cancelled: "cancelled",
  refunded: "refunded",
  promise_changed: "moved",
  date_agreed: "agreed",
}

/** What people call an event: its word, or its own name when we have none. */
export const eventName = (t: Words, type: string): string =>
  hasWords(`marks.event.${type}`) ? t(`marks.event.${type}`) : type

/** Where a telling came from: a file of a platform, our staff or a partner; the name of a key stays as it is. */
export function sourceName(t: Words, source: string): string {
  const [kind, of = ""] = source.split(":")
  if (!hasWords(`line.source.${kind}`)) return source
  return t(`line.source.${kind}`, { of: hasWords(`board.channel.${of}`) ? t(`board.channel.${of}`) : of })
}

/** The standard of a clock as people call it: that of preparing or shipping by its kind, others by their own id. */
export const standardName = (t: Words, id: string): string =>
  hasWords(`marks.kind.${id}`) ? t(`marks.kind.${id}`) : id

/** The reasons of a hold as people say them; own words stay as they are. */
export const holdName = (t: Words, reasons: string): string =>
  reasons
    .split(",")
    .map((each) => each.trim())
    .map((each) => (hasWords(`marks.hold.${each}`) ? t(`marks.hold.${each}`) : each))
    .join(t("line.and"))

/** What happened to an order as marks of the spine: its events that hold, its holds as spans, and each breach. */
export function marksOf(order: OrderView, t: Words, told: Told & { now: number }): Mark[] {
  const holding = order.events.filter(
    ({ holds, type }) => holds && type !== "retracted" && type !== "released" && type !== "policy_applied",
  )
  const marks = holding.map((event, i) => markOfEvent(order.events, event, i, t, told))
  for (const clock of order.clocks) {
    if (markOf(clock) !== "over" || clock.dueAt === null) continue
    marks.push({
      key: `breach ${clockKey(clock)}`,
      at: Date.parse(clock.dueAt),
      icon: "breach",
      label: t("line.breach", { kind: t(`marks.kind.${clock.kind}`) }),
      detail: nameOf(t, clock),
      weight: weights.breach,
      tone: "over",
    })
  }
  return marks
}

function markOfEvent(
  all: readonly EventView[],
  event: EventView,
  i: number,
  t: Words,
  told: Told & { now: number },
): Mark {
  const at = Date.parse(event.at)
  const base = {
    key: `${event.type} ${event.at} ${i}`,
    at,
    detail: `${sourceName(t, event.source)}${event.lines ? ` ${t("line.lines", { lines: (event.lines as string[]).join(", ") })}` : ""}`,
  }
  if (event.type === "held") {
    const released = all.find(
      ({ type, holds, at: end, hold }) =>
        type === "released" && holds && hold === event.hold && Date.parse(end) >= at,
    )
    const until = msOf(released?.at)
    const much = length((until ?? told.now) - at, told.language)
    return {
      ...base,
      until,
      icon: "hold",
      label: `${holdName(t, String(event.reason ?? "hold"))} ${much}`,
      weight: weights.hold,
      tone: "paused",
    }
  }
  const icon = iconOf[event.type] ?? "note"
  const name = eventName(t, event.type)
  if (icon === "moved" || icon === "agreed")
    return {
      ...base,
      icon,
      label: `${name} ${sayShort(at, told.now, told)}`,
      weight: weights.moved,
      tone: "plain",
    }
  if (event.type === "paid") return { ...base, icon, label: name, weight: weights.paid, tone: "ink" }
  const tone = icon === "shipped" || icon === "collected" || icon === "delivered" ? "ink" : "plain"
  return { ...base, icon, label: name, weight: weights.rest, tone }
}
