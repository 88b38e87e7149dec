/**
 * What the API answers about causes and their evidence, what people declare, reports, messages to customers and partners, as types.
 *
 * | method | path | takes → answers |
 * | --- | --- | --- |
 * | GET | /api/v1/causes | → CausesView |
 * | GET | /api/v1/reasons/{list} | → ReasonView[] |
 * | GET | /api/v1/cases/{id}/evidence | → EvidenceOfCase |
 * | GET | /api/v1/proposals | → ProposalsView |
 * | POST | /api/v1/proposals/decide | DecideBody → { decided, cases } |
 * | GET, POST | /api/v1/windows · POST /api/v1/windows/{id}/end · …/withdraw | → WindowView[] · WindowBody → WindowView |
 * | GET, POST | /api/v1/stock · POST /api/v1/stock/files | ?q → StockView[] · StockBody[] → { saved } · multipart file → StockFileAnswer |
 * | GET, PUT | /api/v1/cases/{id}/report | → ReportPage · DraftBody → ReportPage |
 * | GET | /api/v1/reports · /api/v1/reports/{number} · /api/v1/reports/export | ReportsQuery → Page<ArchivedRow> · → ArchivedView · → XLSX |
 * | GET | /api/v1/notices/templates · /api/v1/cases/{id}/notices | → NoticeTemplate[] · → NoticeView[] |
 * | POST | /api/v1/cases/{id}/notices/preview · /api/v1/cases/{id}/notices | NoticeBody → NoticePreview · NoticeBody & { fact } → NoticeView |
 */
import type { Words } from "../../core/words.ts"
import type { Basis, ClockKind, Iso } from "../contract.ts"

export type CausesView = {
  version: number
  causes: {
    code: string
    class: "internal" | "external" | "customer"
    group: string
    name: Words
    definition: Words
    department: string
    customerReason: Words
    firstQuestions: Words[]
    typicalPlans: { kind: "solved_now" | "eta"; text: Words }[]
  }[]
  classes: { code: string; name: Words }[]
  groups: { code: string; name: Words }[]
  fallback: { code: string; name: Words; customerReason: Words }
  threshold: number
}
export type ReasonView = { code: string; label: Words; help: Words; needsNote: boolean }

/** A fact for or against a cause, as a sentence, with where it was read. */
export type FactView = {
  signal: string
  sentence: Words
  source: Words
  weight: "decisive" | "strong" | "medium" | "weak"
  points: number
}
export type ProposalView = {
  cause: string
  name: Words
  confidence: number
  for: FactView[]
  against: FactView[]
}
export type SplitView = {
  latenessMs: number
  /** `name` of the department; null: an outside party */
  parts: {
    stage: string
    department: string | null
    name: Words | string | null
    party: string | null
    ms: number
  }[]
  notCounted: { reason: string; hold: string; from: Iso; to: Iso | null; ms: number; afterDue: boolean }[]
}
/** GET /api/v1/cases/{id}/evidence: made at the first look where there is none yet. */
export type EvidenceOfCase = {
  case: string
  madeAt: Iso
  /** waiting: operations confirms; asks says why */
  state: "waiting" | "applied" | "confirmed" | "overruled"
  asks: string | null
  stale: boolean
  decidedAt: Iso | null
  decidedBy: string | null
  reason: string | null
  note: string | null
  proposals: ProposalView[]
  split: SplitView
}
/** What waits for operations, by the cause proposed; and cases that share one, as incidents are gathered from. */
export type ProposalsView = {
  waiting: { cause: string | null; name: Words; cases: number; least: number; most: number }[]
  groups: { cause: string; name: Words; kind: string; value: string; cases: number; confidence: number }[]
}
/** Confirms what was proposed, or gives another cause with a reason of the list overrule_cause. */
export type DecideBody = {
  cases?: string[]
  waitingFor?: string
  cause?: string
  reason?: string
  note?: string
}

export type WindowKind = "own_outage" | "platform_outage" | "weather" | "control" | "carrier_limit"
export type WindowBody = {
  kind: WindowKind
  name: string
  about?: string | null
  regions?: string[]
  from: Iso
  to?: Iso | null
  proof: string
}
export type WindowView = {
  id: string
  kind: WindowKind
  name: string
  about: string | null
  regions: string[]
  from: Iso
  to: Iso | null
  proof: string
  declaredAt: Iso
  declaredBy: string
  withdrawnAt: Iso | null
  withdrawnBy: string | null
}
export type InboundView = {
  kind: "purchase" | "transfer"
  ref: string
  expectedAt: Iso | null
  receivedAt: Iso | null
  quantity: number | null
  supplier: string | null
  answeredAt: Iso | null
}
export type StockBody = {
  sku: string
  warehouse?: string
  at?: Iso
  onHand?: number | null
  locked?: number | null
  blocked?: number | null
  counted?: number | null
  inbound?: InboundView[] | null
}
export type StockView = {
  sku: string
  warehouse: string | null
  at: Iso
  onHand: number | null
  sellable: number | null
  locked: number | null
  blocked: number | null
  counted: number | null
  inbound: InboundView[] | null
  recordedBy: string
}
export type StockFileAnswer = {
  rows: number
  saved: number
  columns: string[]
  rejected: { line: number; column: string; message: string }[]
}

export type GapView = { code: string; field: string; severity: "block" | "warn"; sentence: Words }
export type FieldView = {
  code: string
  section: string
  type: string
  label: Words
  help: Words
  /** whether it is written by people, and whether it must be */
  editable: boolean
  required: boolean
  maxLength: number | null
  choices: { code: string; label: Words }[] | null
}
export type ReportSection = { code: string; label: Words; done: boolean; fields: FieldView[] }
export type CourseView = { at: Iso; what: string; who: string | null; sentence: Words }
/** What is known by itself and written on a report by nobody. */
export type ReportKnown = {
  orders: {
    channel: string
    shop: string
    orderNo: string
    product: string | null
    quantity: number | null
    amount: number | null
    currency: string | null
    receiver: string | null
  }[]
  department: string | null
  departmentName: Words | string | null
  handOns: number
  breaches: { clock: ClockKind; basis: Basis; dueAt: Iso; closedAt: Iso | null; lateMs: number }[]
  split: SplitView | null
  course: CourseView[]
  tellings: { at: Iso; text: string }[]
  resolvedAt: Iso | null
  causeName: Words
  causeClass: string | null
  evidence: FactView[]
  against: FactView[]
  /** of an incident: the cases whose order ended in another way than most */
  differing: string[]
}
/** GET /api/v1/cases/{id}/report. */
export type ReportPage = {
  subject: string
  incident: string | null
  company: string
  state: "none" | "draft" | "submitted" | "returned" | "archived"
  /** whether the reader solves the case and so may write its report */
  mayWrite: boolean
  /** whether the reader may archive or return it, which is handed in */
  mayClose: boolean
  form: "short" | "long"
  /** why the one-minute form does not do */
  why: Words[]
  savedAt: Iso | null
  savedBy: string | null
  submittedAt: Iso | null
  submittedBy: string | null
  returned: { at: Iso; by: string; gaps: { code: string; label: Words }[]; note: string | null } | null
  sections: ReportSection[]
  fields: Record<string, unknown>
  known: ReportKnown
  gaps: GapView[]
  progress: { done: number; of: number }
  /** of an archived report: its place in the chain; else the last one's, which this one's will cover */
  chain: { number: number; subject: string; digest: string } | null
  previous: { number: number; subject: string; digest: string } | null
  archivedAt: Iso | null
  archivedBy: string | null
  serverTime: Iso
}
export type DraftBody = { form?: "short" | "long"; fields: Record<string, unknown> }
export type ReportsQuery = {
  q?: string
  cause?: string
  department?: string
  from?: Iso
  to?: Iso
  limit?: number
  cursor?: string
}
export type ArchivedRow = {
  number: number
  subject: string
  archivedAt: Iso
  archivedBy: string
  form: "short" | "long"
  cause: string | null
  causeName: Words
  department: string | null
  departmentName: Words | string | null
  whatHappened: string | null
  order: { channel: string; shop: string; orderNo: string; product: string | null } | null
  orders: number
  latenessMs: number | null
  digest: string
}

export type NoticeTemplate = {
  code: string
  name: Words
  trigger: Words
  customerActs: boolean
  caution: Words | null
}
export type NoticeTextsView = {
  chat: string
  sms: string
  email: { subject: string; body: string }
  portal: string
}
export type NoticeBody = {
  template: string
  newDate?: Iso
  replyBy?: Iso
  language?: "zh-Hans" | "zh-Hant" | "en"
  more?: Record<string, string>
}
/** A message that is not kept: `missing` names variables without a value. */
export type NoticePreview = {
  template: string
  language: string
  texts: NoticeTextsView
  missing: string[]
  tooLong: string[]
  caution: Words | null
}
export type NoticeView = {
  id: string
  fact: string
  template: string
  language: string
  texts: NoticeTextsView
  caution: Words | null
  state: "drafted" | "sending" | "told" | "failed" | "superseded"
  draftedAt: Iso
  toldAt: Iso | null
  /** null once told: by the system itself */
  toldBy: string | null
  channel: string | null
  text: string | null
  /** why it did not leave by itself */
  error: string | null
}
