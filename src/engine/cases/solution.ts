import { Refusal } from "../../core/refusals.ts"
import { knownCause } from "./assignment.ts"
import { deed, go, type Hand, type Perform } from "./hand.ts"

/** Names the cause with its evidence and what was found (3.3a). */
export const analyse: Perform<"analyse"> = (hand, { cause, text, evidence }) => {
  if (text.trim() === "") throw new Refusal("text_needed")
  const before = hand.own.cause
  hand.own.cause = knownCause(hand, cause)
  go(hand)
  return [deed(hand, "analyse", { cause, before, text: text.trim(), evidence: evidence ?? [] })]
}

/** The plan (3.3b, c): solved now, which a fact shows, or the instant at which it will be, with the reason. */
export const plan: Perform<"plan"> = (hand, { solved, etaAt, reason, text }) => {
  const { own, at } = hand
  const again = own.state === "planned"
  if (solved) {
    const fact = factOf(hand, undefined)
    own.state = "resolved"
    Object.assign(own, { resolvedBy: fact, resolvable: null })
    return [
      deed(hand, "plan", { solved: true, etaAt: null, reason: reason ?? null, text: text ?? "" }),
      deed(hand, "resolve", { ...fact }),
    ]
  }
  if (etaAt === undefined || etaAt <= at) throw new Refusal("eta_in_past")
  if (!reason?.trim()) throw new Refusal("reason_needed", "Say why it takes until then.")
  if (again) own.etaChanges += 1
  const before = own.etaAt
  own.etaAt = etaAt
  go(hand)
  return [
    deed(hand, "plan", {
      solved: false,
      etaAt,
      before,
      reason: reason.trim(),
      text: text?.trim() ?? "",
      again,
    }),
  ]
}

/** The customer was told: a notice was sent, or the words were said in the platform's chat or by phone. */
export const told: Perform<"told"> = (hand, { how, text }) => {
  if (text.trim() === "") throw new Refusal("text_needed", "Write what the customer was told.")
  return [deed(hand, "told", { how, text: text.trim(), etaAt: hand.own.etaAt })]
}

/** Solved, which a fact of the order shows. */
export const resolve: Perform<"resolve"> = (hand, { fact: wanted }) => {
  const fact = factOf(hand, wanted)
  Object.assign(hand.own, { resolvedBy: fact, resolvable: null })
  go(hand)
  return [deed(hand, "resolve", { ...fact })]
}

function factOf({ fact }: Hand, wanted: string | undefined) {
  if (fact === null) throw new Refusal("fact_needed")
  if (wanted !== undefined && wanted !== fact.fact)
    throw new Refusal("fact_needed", `The order says ${fact.fact}, not ${wanted}.`)
  return fact
}
