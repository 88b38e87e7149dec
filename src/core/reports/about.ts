import type { CauseClass } from "../causes/taxonomy.ts"
import type { Proposed } from "../causes.ts"
import type { Instant } from "../instants.ts"
import type { LatenessSplit } from "../lateness.ts"
import type { Words } from "../words.ts"

/** An entry of a report's course, made from what was told and done. */
export type CourseEntry = { at: Instant; what: string; who: string | null; sentence: Words; key: boolean }

/** A breach as the report lists it. */
export type BreachAbout = {
  clock: string
  basis: string
  round: number
  dueAt: Instant
  closedAt: Instant | null
  stoppedBy: string | null
}

/** Everything that the product knows of a case when its report is written; a person adds the rest. */
export type ReportAbout = {
  /** the instant of looking, or of submitting */
  at: Instant
  subject: string
  /** null: it stands for itself */
  incident: string | null
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
  handOns: number
  reopened: number
  breaches: BreachAbout[]
  cause: {
    /** what the case goes by now */
    code: string | null
    class: CauseClass | null
    /** the class that was proposed or assigned first */
    classAtOpening: CauseClass | null
    /** why it was changed; null: nobody said */
    changeReason: string | null
    agreed: boolean
  }
  proposed: Proposed | null
  split: LatenessSplit | null
  course: CourseEntry[]
  warnings: { fired: boolean; taken: boolean; inTime: boolean }
  /** facts that a result needs */
  facts: {
    shipped: Instant | null
    refunded: Instant | null
    cancelled: Instant | null
    date_accepted: Instant | null
    /** only where preparing is all that was late: then it is what the breached clock waited for (DESIGN §7) */
    prepared: Instant | null
  }
  openLines: number
  /** messages to the customer, sent or marked as told */
  tellings: { at: Instant; text: string }[]
  complaints: { upheld: number }
  platformDeduction: { minor: number; currency: string; appealUntil: Instant | null } | null
  companyCompensation: { minor: number; currency: string } | null
  /** cases of an incident whose order ended in another way than most */
  differing: readonly string[]
  /** names of staff, which a report does not name */
  staff: string[]
  /** the most alike report of the last 30 days that is not of the same incident */
  alike: { subject: string; percent: number } | null
}
