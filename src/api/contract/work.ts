/** GET /api/v1/work: everything somebody has to do, what is due first first (WorkQuery → WorkList). */
import type { Words } from "../../core/words.ts"
import type { Iso } from "../contract.ts"
import type { CaseAct, CaseState, OwedState, OwedWhat, PersonRef } from "./cases.ts"

/** `department`: those one works in; of an owner all. `followed`: what one has been part of and others go on with. */
export type WorkScope = "mine" | "department" | "followed"
export type WorkQuery = { scope?: WorkScope; limit?: number }
export type WorkRow = {
  /** unique in the list */
  id: string
  kind: "case" | "incident" | "warning" | "handover" | "help" | "reply" | "review" | "action"
  what: OwedWhat | "answer" | "reply" | "review" | "warning" | "handover" | (string & {})
  /** C-…, I-… or an order number */
  number: string
  /** what it is about: cause, product, the question asked */
  title: string | Words
  detail: string | Words | null
  cause: string | null
  /** the address of its page */
  link: string
  /** how many orders it stands for */
  count: number
  department: string | null
  person: PersonRef | null
  startAt: Iso | null
  nearAt: Iso | null
  dueAt: Iso | null
  state: OwedState
  /** of a warning: somebody took it */
  taken?: boolean
  /** of a case: for acting on the row */
  caseRef: { id: string; version: number; state: CaseState; acts: CaseAct[] } | null
}
export type WorkCounts = Record<WorkScope, number>
export type WorkList = {
  items: WorkRow[]
  counts: WorkCounts & { over: number }
  /** whether `department` means the whole company */
  whole: boolean
  serverTime: Iso
}
