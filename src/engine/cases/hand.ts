import type { OrderFact } from "../../core/caseFacts.ts"
import type { Actor, Move } from "../../core/cases.ts"
import type { Instant } from "../../core/instants.ts"
import type { StoredCase } from "../../store/cases.ts"
import type { Deed } from "./file.ts"
import type { Staffing } from "./staffing.ts"

/** What somebody asks to be done to a case; instants are milliseconds. */
export type ActInput =
  | {
      act: "assign"
      department?: string | undefined
      person?: string | undefined
      cause?: string | undefined
    }
  | { act: "take" }
  | {
      act: "hand_on"
      department?: string | undefined
      person?: string | undefined
      reason: string
      note?: string | undefined
    }
  /** a shift or a leaver hands over; without `person` to whoever would be assigned */
  | {
      act: "hand_over"
      from: string
      person?: string | undefined
      why: "shift" | "leaver"
      note?: string | undefined
    }
  | { act: "cause"; cause: string; reason?: string | undefined; note?: string | undefined }
  | { act: "analyse"; cause: string; text: string; evidence?: unknown[] | undefined }
  | {
      act: "plan"
      solved?: boolean | undefined
      etaAt?: Instant | undefined
      reason?: string | undefined
      text?: string | undefined
    }
  | { act: "told"; how: "notice" | "chat" | "phone"; text: string }
  | { act: "resolve"; fact?: string | undefined }
  | { act: "draft"; form: "short" | "long"; fields: Record<string, unknown> }
  | { act: "report"; form?: "short" | "long" | undefined; fields?: Record<string, unknown> | undefined }
  | { act: "return"; gaps: string[]; note?: string | undefined }
  | { act: "archive" }
  | { act: "reopen"; reason: string }

/** The input of one act. */
export type Input<Act extends ActInput["act"]> = Extract<ActInput, { act: Act }>

/** A case in the hand of whoever acts on it: an act changes `own` and answers its deeds. */
export type Hand = {
  own: StoredCase
  move: Move
  actor: Actor
  at: Instant
  /** the fact that would resolve it now */
  fact: OrderFact | null
  staffing: Staffing
}

/** An act: checks what it needs, changes the case, and answers what is written down. */
export type Perform<Act extends ActInput["act"]> = (hand: Hand, input: Input<Act>) => Deed[]

/** A deed of whoever acts. */
export const deed = (hand: Hand, what: string, data: Record<string, unknown>): Deed => ({
  what,
  who: hand.actor.isEngine ? null : hand.actor.name,
  data: { ...data, by: hand.actor.id },
})

/** Brings the case to where the move leads. */
export function go({ own, move }: Hand): void {
  if (move.to !== "same") own.state = move.to
}
