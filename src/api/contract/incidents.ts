/**
 * What the API answers and takes about incidents, as types. Instants are ISO strings.
 *
 * | method | path | takes → answers |
 * | --- | --- | --- |
 * | GET, POST | /api/v1/incidents | IncidentsQuery → IncidentsPage · IncidentBody → IncidentView |
 * | GET | /api/v1/incidents/{number} | → IncidentView (its cases: /api/v1/cases?incident=) |
 * | POST | /api/v1/incidents/{number}/acts | IncidentActBody → IncidentView (of a split and a merge the other incident) |
 * | GET | /api/v1/incidents/{number}/acts/{seq}/refused | → IncidentRefusal[] |
 *
 * Its report is written at /api/v1/cases/{number}/report, like that of a case.
 * Live: the topic `incidents` names the numbers of incidents that changed.
 */
import type { Iso, Page } from "../contract.ts"
import type {
  AnalysisView,
  CaseState,
  EvidenceView,
  OwedView,
  PersonRef,
  PlanView,
  ReportView,
  ToldHow,
  ToldView,
} from "./cases.ts"

export type IncidentState =
  | "open"
  | "analysed"
  | "planned"
  | "resolved"
  | "reported"
  | "archived"
  | "dissolved"

/** What the cases of an incident share. */
export type SharedKind = "sku" | "warehouse" | "carrier" | "liveSession" | "outage" | "other"

export type IncidentRow = {
  id: string
  /** `I-84` */
  number: string
  version: number
  title: string
  shared: { kind: SharedKind; value: string; name: string | null }
  state: IncidentState
  cause: string | null
  department: string | null
  owner: PersonRef | null
  openedAt: Iso
  /** null: the engine gathered it */
  openedBy: string | null
  changedAt: Iso
  closedAt: Iso | null
  etaAt: Iso | null
  cases: number
  byState: { state: CaseState; count: number }[]
  /** cases that go their own way */
  exempt: number
  /** what is due first of those that follow it, and of how many */
  owed: (OwedView & { count: number }) | null
  /** the act that is being carried out */
  running: { act: IncidentActName; done: number; of: number } | null
}
export type IncidentsQuery = {
  state?: IncidentState | "unarchived"
  /** number, words of the title, or what the cases share */
  q?: string
  limit?: number
  cursor?: string
}
export type IncidentsPage = Page<IncidentRow> & { total: number; serverTime: Iso }

/** An act that is legal now, and whether the reader may do it. */
export type LegalIncidentAct = { act: IncidentActName; may: boolean }

/** GET /api/v1/incidents/{number}. */
export type IncidentView = IncidentRow & {
  acts: IncidentActView[]
  /** legal now, the next step first */
  legal: LegalIncidentAct[]
  analysis: AnalysisView | null
  plan: PlanView | null
  told: ToldView | null
  report: ReportView | null
  /** all that is owed in its cases, what is due first first */
  owedList: (OwedView & { count: number })[]
  /** what lies ready for the customers, by language: one of the messages stands for all */
  drafts: { language: string; count: number; text: string }[]
  /** what their customers were told last, by the date that they believe */
  believed: { etaAt: Iso | null; count: number }[]
  /** the deadlines of its orders that can still be kept, the soonest first (at most 500), and how many come before the date given */
  deadlines: { at: Iso[]; missed: number }
  /** the number of the incident that it became part of */
  mergedInto: string | null
  serverTime: Iso
}

/** One act for all; a running one tells how far it is. */
export type IncidentActView = {
  seq: number
  at: Iso
  act: IncidentActName | "gather"
  by: string | null
  data: Record<string, unknown>
  done: number
  of: number
  /** cases that it could not move; why stands under …/acts/{seq}/refused */
  refused: number
  state: "running" | "done" | "undone"
  undoable: boolean
}
export type IncidentRefusal = { number: string; code: string; detail: string | null }

export type IncidentActInput =
  | { act: "add"; cases: string[] }
  | { act: "leave"; cases: string[]; reason: string }
  | { act: "exempt"; cases: string[]; reason: string }
  /** number or id of the incident that it becomes part of */
  | { act: "merge"; into: string }
  | { act: "split"; cases: string[]; title: string }
  | { act: "rename"; title: string }
  | { act: "assign"; department?: string; person?: string; cause?: string }
  | { act: "analyse"; cause: string; text: string; evidence?: EvidenceView[] }
  | { act: "plan"; etaAt: Iso; reason: string; text?: string }
  /** without a text each customer is told what was drafted for them */
  | { act: "told"; how: ToldHow; text?: string }
  | { act: "resolve" }
  | { act: "report"; form?: "short" | "long"; fields?: Record<string, unknown> }
  | { act: "return"; gaps: string[]; note?: string }
  | { act: "archive" }
  | { act: "undo"; seq: number }
export type IncidentActName = IncidentActInput["act"]

/** `actId` makes a repetition harmless; `version` is that which the page shows (409 stale_version). */
export type IncidentActBody = IncidentActInput & { version?: number; actId?: string }
/** POST /api/v1/incidents: gathers cases by hand, up to 5,000. */
export type IncidentBody = { title: string; cases: string[]; cause?: string; actId?: string }
