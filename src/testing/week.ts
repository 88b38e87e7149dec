import type { Calendar } from "../core/calendars.ts"
import type { EventType, OrderEvent } from "../core/events.ts"
import type { Instant } from "../core/instants.ts"
import type { JsonObject } from "../core/json.ts"
import { type Answer, compileRules, type Reasoned, type Rules, reason } from "../core/judge.ts"
import { defaultPolicy, type Policy } from "../core/policy.ts"
import type { ChannelSettings } from "../core/settings.ts"
import { tell } from "./lives.ts"

const days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
/** `Tue 10:00` or `Tue 10:00:00.001` of the week of Monday, 23 November 2026, in Shanghai; `+Tue 10:00` of the week after. */
export function on(text: string): Instant {
  const [day, time] = text.replace("+", "").split(" ") as [string, string]
  const date = 23 + days.indexOf(day) + (text.startsWith("+") ? 7 : 0)
  return Date.UTC(2026, 10, date) + Date.parse(`1970-01-01T${time}Z`) - 8 * 3_600_000
}
/** An instant as the tables write it: `Tue 10:00`, `+Tue 10:00`, `never`. */
export function shown(at: Instant | null): string {
  if (at === null) return "never"
  const local = new Date(at + 8 * 3_600_000)
  const ahead = Math.floor((at + 8 * 3_600_000 - Date.UTC(2026, 10, 23)) / 86_400_000)
  return `${ahead > 6 ? "+" : ""}${days[ahead % 7]} ${local
    .toISOString()
    .slice(11, 23)
    .replace(/(:00)?\.000$/, "")}`
}

const types: Record<string, string> = {
  applied: "policy_applied",
  agreed: "date_agreed",
  promised: "promise_changed",
  "asks refund": "refund_requested",
  "refund rejected": "refund_rejected",
}

/** `paid Mon 10:00 · held customer Mon 12:00 · agreed Sat 10:00 Tue 09:00`: the word, what belongs to it, and last the instant at which it happened. */
function eventsOf(text: string, order: JsonObject): OrderEvent[] {
  return text.split(" · ").map((each, i) => {
    const found = /^(.*?) ?(\+?[A-Z][a-z]{2} [\d:.]+)?(?: (\+?[A-Z][a-z]{2} [\d:.]+))$/.exec(each)!
    const [, words, about, when] = found as unknown as [string, string, string | undefined, string]
    const word = Object.keys(types).find((key) => words.startsWith(key)) ?? words.split(" ")[0]!
    const type = (types[word] ?? word) as EventType
    const rest = words.slice(word.length).trim()
    const own: Record<string, Partial<OrderEvent>> = {
      held: { reason: rest },
      released: rest === "" ? {} : { reason: rest },
      date_agreed: about === undefined ? {} : { date: on(about) },
      promise_changed: about === undefined ? {} : { order: { presaleShipBy: on(about) } },
      policy_applied: { version: Number(rest) },
    }
    const lines =
      type === "shipped" || type === "refunded" || type === "cancelled"
        ? rest === ""
          ? {}
          : { lines: rest.split(" ") }
        : {}
    return { type, at: on(when), source: "erp", ...own[type], ...lines, ...(i === 0 ? { order } : {}) }
  })
}

/** What an order lives under: the regulation's own policy and a live channel unless given. `order` rides on the first event. */
export type Circumstances = {
  order?: JsonObject
  policies?: Policy[]
  channel?: ChannelSettings
  calendars?: Record<string, Calendar>
}

/** The judgement with its reasons, at an instant, of an order of Douyin that this was told of. */
export function reasoned(
  told: string,
  at: string,
  given: Circumstances = {},
): { found: Reasoned; rules: Rules } {
  const rules = compileRules({
    policies: given.policies ?? [defaultPolicy],
    calendars: given.calendars ?? {},
    settings: { channels: { douyin: given.channel ?? {} } },
  })
  const order = { channel: "douyin", shop: "s1", orderNo: "1" }
  return { found: reason(order, tell(eventsOf(told, given.order ?? {})).told, rules, on(at)), rules }
}

/** The same, the answer alone. */
export const judged = (told: string, at: string, given?: Circumstances): Answer =>
  reasoned(told, at, given).found.answer

/** The clocks in words: `prepare over since Tue 10:00, ship met by shipped`. */
export const inWords = ({ clocks }: Answer): string =>
  clocks
    .map(({ kind, basis, round, state, outcome, dueAt, stoppedBy, unconfirmed, observed }) => {
      const name = basis === "company" ? kind : basis === "platform" ? "promise" : `agreed ${round}`
      const end =
        state === "closed"
          ? `${outcome}${stoppedBy ? ` by ${stoppedBy}` : ""}`
          : `${state}${state === "over" ? " since" : ", due"} ${shown(dueAt)}`
      return `${name} ${end}${unconfirmed ? ", unconfirmed" : ""}${observed ? "" : " (unobserved)"}`
    })
    .join("; ")
