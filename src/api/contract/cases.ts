/**
 * What the API answers and takes about cases, as types. Instants are ISO strings.
 *
 * | method | path | takes → answers |
 * | --- | --- | --- |
 * | GET | /api/v1/cases | CasesQuery → CasesPage |
 * | GET | /api/v1/cases/counts | CasesQuery → CaseCounts (of exactly the rows of the list with the same filter) |
 * | GET | /api/v1/cases/{id} | → CaseView |
 * | POST | /api/v1/cases/{id}/acts | ActBody → CaseView |
 * | POST | /api/v1/cases/bulk | BulkBody → BulkAnswer |
 * | POST | /api/v1/cases/undo | UndoBody → BulkAnswer |
 * | GET | /api/v1/cases/assignees?department= | → Assignee[] (whom an assignment would reach, the first one first) |
 * | GET, PUT, DELETE | /api/v1/case-views[/{name}] | → SavedView[] · SavedView → SavedView[] · → SavedView[] |
 * | GET | /api/v1/work | contract/work.ts |
 *
 * Live: the topic `cases` names the numbers of cases that changed. Incidents: contract/incidents.ts; what people say: contract/words.ts.
 */
import type { Basis, ClockKind, Iso, OrderKeyView, OrderRow, Outcome, Page } from "../contract.ts"

export type CaseState =
  | "open"
  | "assigned"
  | "analysed"
  | "planned"
  | "resolved"
  | "reported"
  | "archived"
  | "withdrawn"

/** Inner clocks; `whole` runs from first receipt to the first full answer and never restarts. */
export type InnerKind =
  | "assign"
  | "analyse"
  | "whole"
  | "tell"
  | "eta"
  | "report"
  | "archive"
  | "reply"
  | "answer"
  | "review"

/** What somebody has to do now. `decide`: operations, after a second hand-on. `replan`: the date given was missed. */
export type OwedWhat =
  | "assign"
  | "decide"
  | "analyse"
  | "plan"
  | "tell"
  | "resolve"
  | "replan"
  | "report"
  | "archive"

/** How a countdown stands: `near` once its last warning has come. */
export type OwedState = "running" | "near" | "paused" | "over"

export type PersonRef = { id: string; name: string }
export type IncidentRef = { id: string; number: string; title: string }

/** Who owes what by when; without a due the policy sets no limit. */
export type OwedView = {
  what: OwedWhat
  clock: InnerKind | null
  round: number
  clause: string | null
  department: string | null
  person: PersonRef | null
  startAt: Iso
  /** when the last warning comes or came */
  nearAt: Iso | null
  dueAt: Iso | null
  state: OwedState
}

/** A row of GET /api/v1/cases. */
export type CaseRow = {
  id: string
  number: string
  version: number
  order: OrderKeyView
  product: string | null
  breaches: { clock: ClockKind; basis: Basis; round: number; dueAt: Iso; withdrawnAt: Iso | null }[]
  state: CaseState
  department: string | null
  assignee: PersonRef | null
  /** code of content/causes.json; null: not yet known */
  cause: string | null
  /** code of the cause that is proposed and waits for a decision */
  proposed: string | null
  incident: IncidentRef | null
  /** goes its own way: of an incident without following it, or taken out of one by hand */
  exempt: boolean
  openedAt: Iso
  changedAt: Iso
  archivedAt: Iso | null
  /** how often it was handed on to another department; from the second on it stands out */
  handOns: number
  reopened: number
  /** the date last given to operations and customer service */
  etaAt: Iso | null
  /** how often the date given was missed or changed */
  etaChanges: number
  /** a fact that would resolve it is there: `resolve` needs one press */
  resolvable: FactView | null
  /** how late the order is or was: due instant of the oldest standing breach and the stop, if any */
  lateFrom: Iso | null
  lateUntil: Iso | null
  /** what its customer was told last, and which date with it */
  believes: { etaAt: Iso | null; at: Iso; how: string | null; by: string | null } | null
  /** what is owed first; null once archived */
  owed: OwedView | null
  /** with `group`: how many cases of the list follow the same incident; it stands for all of them */
  size?: number
}
/** `total` counts cases; with `group`, `lines` counts rows. */
export type CasesPage = Page<CaseRow> & { total: number; lines?: number; serverTime: Iso }

/** What a list of cases can be narrowed by; empty means any. `open` is every state before archived. */
export type CasesQuery = {
  state?: CaseState | "unarchived"
  /** id, or `none` */
  department?: string
  /** staff id, `none`, or `me` */
  assignee?: string
  /** code, or `none` */
  cause?: string
  /** the cause whose proposal waits for a decision, or `none` */
  proposed?: string
  /** number or id, or `none` */
  incident?: string
  /** only those that go their own way, or only those that do not */
  exempt?: "true" | "false"
  /** of cases that follow an incident: whose customer was told its date, another one, or none */
  told?: "current" | "outdated" | "nothing"
  owed?: OwedWhat
  /** how the countdown of what is owed first stands */
  due?: OwedState
  owedBefore?: Iso
  /** handed on at least so often */
  handOns?: number
  resolvable?: "true"
  channel?: string
  shop?: string
  basis?: Basis
  clock?: ClockKind
  openedFrom?: Iso
  openedTo?: Iso
  archivedFrom?: Iso
  archivedTo?: Iso
  /** what an alert is about, by its id */
  alert?: string
  q?: string
  /** `owed`: what is due first comes first */
  sort?: "owed" | "openedAt" | "-openedAt"
  /** what follows one incident is one row: that of its cases which stands first */
  group?: "incident"
  limit?: number
  cursor?: string
}

/** GET /api/v1/cases/counts: each count is that of the list with this filter added; each group leaves its own filter out. */
export type CaseCounts = {
  total: number
  byState: { state: CaseState; count: number }[]
  byDepartment: { department: string | null; count: number }[]
  byAssignee: { assignee: PersonRef | null; count: number }[]
  byCause: { cause: string | null; count: number }[]
  byOwed: { owed: OwedWhat; count: number }[]
  byDue: { due: OwedState; count: number }[]
}

/** An inner clock of a case, an incident or a help request. */
export type InnerClockView = {
  kind: InnerKind
  round: number
  standard: string | null
  clause: string | null
  startAt: Iso
  dueAt: Iso | null
  warnAt: (Iso | null)[]
  state: "running" | "near" | "paused" | "over" | "closed"
  /** `replaced`: handed on, or another date given */
  outcome: Outcome | null
  closedAt: Iso | null
  stoppedBy: string | null
  /** it was overdue, and somebody was told */
  breachedAt: Iso | null
}

/** A fact of the order that resolves a case. */
export type FactView = {
  fact: "prepared" | "shipped" | "collected" | "delivered" | "refunded" | "cancelled" | "date_agreed"
  at: Iso
  /** of `date_agreed` */
  date: Iso | null
}

/** An entry of a case's line of time, oldest first. `what` is an act, or what the engine did. */
export type CaseEntryView = {
  id: string
  at: Iso
  what:
    | CaseAct
    | "opened"
    | "breach_joined"
    | "breach_moved"
    | "breach_withdrawn"
    | "reworked"
    | "fact_fell"
    | "withdrawn"
    | "reopened"
    | "resolvable"
    | "eta_missed"
    | "undone"
    | (string & {})
  /** null: the engine */
  who: string | null
  person: PersonRef | null
  data: Record<string, unknown>
  /** until when it can be undone */
  undoableUntil: Iso | null
}

/** An act that is legal now, and whether the reader may do it. */
export type LegalAct = { act: CaseAct; may: boolean; needs: ActNeed[] }
export type ActNeed = "department" | "reason" | "cause" | "plan" | "fact" | "text" | "report" | "gaps" | "eta"

/** GET /api/v1/cases/{id}. */
export type CaseView = CaseRow & {
  log: CaseEntryView[]
  /** all that is owed, what is due first first */
  owedList: OwedView[]
  clocks: InnerClockView[]
  /** legal now, the next step first */
  acts: LegalAct[]
  analysis: AnalysisView | null
  plan: PlanView | null
  told: ToldView | null
  report: ReportView | null
  handOnList: {
    at: Iso
    from: string | null
    to: string
    by: string | null
    reason: string
    note: string | null
  }[]
  successorOf: string | null
  orderView: OrderRow | null
  serverTime: Iso
}
export type AnalysisView = {
  at: Iso
  by: string | null
  cause: string
  text: string
  evidence: EvidenceView[]
}
/** A fact for the cause: a signal of content/causes.json with its values, or words. */
export type EvidenceView = {
  signal: string | null
  text: string | null
  agreed: boolean
  data?: Record<string, unknown>
}
export type PlanView = {
  at: Iso
  by: string | null
  solved: boolean
  etaAt: Iso | null
  reason: string | null
  text: string
  changes: number
  missed: boolean
}
export type ToldView = { at: Iso; by: string | null; how: ToldHow; text: string }
export type ToldHow = "notice" | "chat" | "phone"
/** The report of a case: its fields follow the policy's schema (content/report-form.json). */
export type ReportView = {
  state: "draft" | "submitted" | "returned" | "archived"
  form: "short" | "long"
  fields: Record<string, unknown>
  savedAt: Iso
  savedBy: string | null
  submittedAt: Iso | null
  returned: { at: Iso; by: string | null; gaps: string[]; note: string | null } | null
}

export type CaseAct =
  | "assign"
  | "take"
  | "hand_on"
  | "cause"
  | "analyse"
  | "plan"
  | "told"
  | "resolve"
  | "draft"
  | "report"
  | "return"
  | "archive"
  | "reopen"

/** What each act takes beside its name. */
export type ActInput =
  /** to a department, a person of it, or by cause; without either by the cause that the case has */
  | { act: "assign"; department?: string; person?: string; cause?: string }
  | { act: "take" }
  /** reason: a code of content/reasons.json, list hand_on. To a person of the same department it is no new round */
  | { act: "hand_on"; department?: string; person?: string; reason: string; note?: string }
  | { act: "cause"; cause: string; reason?: string; note?: string }
  | { act: "analyse"; cause: string; text: string; evidence?: EvidenceView[] }
  /** solved now (the fact is looked for), or the instant at which it will be solved, with the reason */
  | { act: "plan"; solved?: boolean; etaAt?: Iso; reason?: string; text?: string }
  | { act: "told"; how: ToldHow; text: string }
  /** fact: needed only where several are there */
  | { act: "resolve"; fact?: FactView["fact"] }
  | { act: "draft"; form: "short" | "long"; fields: Record<string, unknown> }
  | { act: "report"; form?: "short" | "long"; fields?: Record<string, unknown> }
  /** gaps: codes of content/reasons.json, list return_report, or codes of completeness */
  | { act: "return"; gaps: string[]; note?: string }
  | { act: "archive" }
  | { act: "reopen"; reason: string }

/** POST /api/v1/cases/{id}/acts. `actId` makes a repetition harmless; `version` is that which the page shows (409 stale_version). */
export type ActBody = ActInput & { version?: number; actId?: string }

/** POST /api/v1/cases/bulk: the same act for up to 500 cases, an answer for each. */
export type BulkBody = { ids: string[]; input: ActInput; actId?: string }
export type BulkAnswer = {
  /** names the acts done, for undo */
  batch: string
  done: number
  refused: number
  undoableUntil: Iso | null
  items: BulkItem[]
}
export type BulkItem =
  | { id: string; ok: true; state: CaseState; department: string | null; assignee: PersonRef | null }
  | { id: string; ok: false; code: string; detail: string | null }
/** POST /api/v1/cases/undo: takes back what one act or one bulk act did, where nothing was done since. */
export type UndoBody = { batch: string } | { id: string; entry: string }

export type Assignee = PersonRef & { department: string; onDuty: boolean; isHead: boolean; open: number }

export type SavedView = { name: string; query: CasesQuery; ownedByAll: boolean; count?: number }
