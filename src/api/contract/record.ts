/**
 * | method | path | answer |
 * | --- | --- | --- |
 * | GET | /api/v1/people/{id}/record?from=&to= | → RecordView (`me` for oneself) |
 * | GET | /api/v1/people/{id}/in-hand | → InHandView |
 * | POST | /api/v1/people/{id}/hand-over | { choices? } → { moved, left } |
 */
import type { Iso } from "../contract.ts"
import type { InnerKind, PersonRef } from "./cases.ts"

/** A case handed on: by whom, from where, to whom, and why. */
export type HandOnRowView = {
  number: string
  at: Iso
  by: string | null
  from: { department: string | null; person: PersonRef | null }
  to: { department: string | null; person: PersonRef | null }
  reason: string
  note: string | null
  /** the second: operations decided */
  contested: boolean
}
/** A step with a clock that was done in time, or was late. */
export type StepView = {
  number: string
  kind: InnerKind
  dueAt: Iso | null
  closedAt: Iso | null
  /** the Monday of its week, by the company's calendar */
  week: Iso
}
export type RecordView = {
  person: PersonRef & { department: string | null }
  from: Iso
  to: Iso
  /** cases in hand: those of /api/v1/cases?assignee={id}&state=unarchived */
  open: number
  handedOn: HandOnRowView[]
  received: HandOnRowView[]
  met: StepView[]
  late: StepView[]
  /** a week each, oldest first */
  weeks: { week: Iso; met: number; late: number }[]
  /** more rows than are told */
  cut: boolean
}
/** What somebody has in hand, each with who would take it. */
export type InHandView = {
  items: {
    number: string
    title: string
    state: string
    department: string | null
    dueAt: Iso | null
    to: PersonRef | null
  }[]
  /** warnings, questions and replies beside the cases */
  others: number
  /** when they go by themselves: the last day */
  goesAt: Iso | null
}
