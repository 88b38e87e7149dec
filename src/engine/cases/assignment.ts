import { partiesOf } from "../../core/cases.ts"
import { Refusal } from "../../core/refusals.ts"
import { deed, go, type Hand, type Perform } from "./hand.ts"

/** Gives a case to a department and a person of it: named, or by the cause and who is on duty with the least open work (3.2). */
export const assign: Perform<"assign"> = (hand, { cause, department, person }) => {
  const { own, staffing } = hand
  if (cause !== undefined) own.cause = knownCause(hand, cause)
  const byCause = own.cause === null ? undefined : staffing.receives(own.cause)
  const named = department ?? (person === undefined ? byCause : homeOf(hand, person))
  if (named === undefined) throw new Refusal("unknown_department", "Name a department, a person or a cause.")
  own.department = landingOf(hand, named, department !== undefined)
  own.assignee = personOf(hand, own.department, person)
  own.contested = false
  go(hand)
  return [deed(hand, "assign", { department: own.department, person: own.assignee, cause: own.cause })]
}

/** Takes a case over. */
export const take: Perform<"take"> = (hand) => {
  const { own, actor } = hand
  if (actor.id === null) throw new Refusal("forbidden", "Only a person can take a case over.")
  const from = own.assignee
  own.assignee = actor.id
  return [deed(hand, "take", { from, person: actor.id })]
}

/**
 * Hands a case on: to another department as a new round, counted, the second time to operations for a decision (4.2b); to a
 * colleague without either, since the department has received it and its hour runs. What operations moves is decided by that.
 */
export const handOn: Perform<"hand_on"> = (hand, { department, person, reason, note }) => {
  const { own, staffing, actor } = hand
  if (reason.trim() === "") throw new Refusal("reason_needed")
  const from = { department: own.department, person: own.assignee }
  const named = department ?? (person === undefined ? undefined : homeOf(hand, person))
  const to = named === undefined ? own.department! : landingOf(hand, named, department !== undefined)
  const why = { from: from.department, fromPerson: from.person, reason, note: note ?? null }
  if (to === own.department) {
    if (person === undefined || person === own.assignee)
      throw new Refusal("unknown_person", "Name another department, or a colleague of this one.")
    own.assignee = personOf(hand, to, person)
    return [deed(hand, "hand_on", { ...why, department: to, person: own.assignee, newRound: false })]
  }
  const decides = partiesOf(actor, own).has("operations") && own.department !== "operations"
  if (!decides) own.handOns += 1
  own.contested = !decides && own.handOns >= 2
  own.department = own.contested ? staffing.landing("operations") : to
  own.assignee = personOf(hand, own.department, own.contested ? undefined : person)
  go(hand)
  const proposed = own.contested ? { proposed: to, proposedPerson: person ?? null } : {}
  return [
    deed(hand, "hand_on", {
      ...why,
      ...proposed,
      department: own.department,
      person: own.assignee,
      newRound: !own.contested,
      contested: own.contested,
      count: own.handOns,
    }),
  ]
}

/** Brings a case from one person to the next of the same department: no new round, since nobody handed it on. Refuses when they have it no longer. */
export const handOver: Perform<"hand_over"> = (hand, { from, person, why, note }) => {
  const { own, staffing } = hand
  if (own.assignee !== from) throw new Refusal("not_theirs_now")
  own.assignee =
    person ?? (own.department === null ? null : (staffing.pick(own.department, from)?.id ?? null))
  return [deed(hand, "hand_over", { fromPerson: from, person: own.assignee, why, note: note || null })]
}

/** Names or corrects the cause; who has the case stays, a change of class is said. */
export const nameCause: Perform<"cause"> = (hand, { cause, reason, note }) => {
  const { own, staffing } = hand
  const before = own.cause
  own.cause = knownCause(hand, cause)
  return [
    deed(hand, "cause", {
      cause,
      before,
      class: staffing.classOf(cause),
      classBefore: staffing.classOf(before),
      reason: reason ?? null,
      note: note ?? null,
    }),
  ]
}

/** A cause of the list. */
export function knownCause({ staffing }: Hand, code: string): string {
  if (!staffing.knowsCause(code)) throw new Refusal("unknown_cause")
  return code
}

/** What is named must be there; what the list of causes names may be done elsewhere in this company. */
function landingOf({ staffing }: Hand, department: string, isNamed: boolean): string {
  if (isNamed && !staffing.knows(department)) throw new Refusal("unknown_department")
  return staffing.landing(department)
}

function homeOf({ staffing, own }: Hand, person: string): string {
  const found = staffing.person(person)
  if (found === undefined) throw new Refusal("unknown_person")
  const isHere = own.department !== null && found.departments.includes(own.department)
  return isHere ? own.department! : (found.departments[0] ?? own.department ?? "operations")
}

function personOf(hand: Hand, department: string, person: string | undefined): string | null {
  if (person === undefined) return hand.staffing.pick(department)?.id ?? null
  if (hand.staffing.person(person) === undefined) throw new Refusal("unknown_person")
  return person
}
