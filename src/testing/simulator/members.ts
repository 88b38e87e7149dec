import type { Instant } from "../../core/instants.ts"
import type { ActInput } from "../../engine/cases/hand.ts"
import { type Handled, handled, inOrder, isOverlaid, keptOf, restored } from "./handling.ts"
import type { IncidentAct, Standing } from "./incident.ts"
import { type CaseFact, changedAt } from "./life.ts"
import type { Worker } from "./staff.ts"

// What an act of an incident does to one of its cases, naively: as if whoever did it had done the same to that case alone, at the
// instant of the act, after what the case lacked of the incident's own.

/** An act of an incident on its way to a case: `of`: the incident's number, `standing`: the incident as that act left it, `undoes`: the tag of what it takes back; `fact`: whether the order says that the case is solved. */
export type Common = {
  of: number
  act: IncidentAct
  standing: Standing
  undoes: number | null
  workers: readonly Worker[]
}
type Asked = Common & { fact: boolean }

/** Every way in which an act may leave a case whose turn comes at an instant; it has had the act either way. */
export function taken(own: CaseFact, asked: Asked, at: Instant): CaseFact[] {
  const { act, of } = asked
  return carried(own, asked, at).map(({ own: next, answer }) => ({
    ...next,
    incidentSeq: next.incident === of ? act.seq : next.incidentSeq,
    had: new Map([...next.had, [act.tag, answer]]),
  }))
}

function carried(own: CaseFact, asked: Asked, at: Instant): Handled[] {
  const { act, of, undoes } = asked
  const { input, by } = act
  switch (input.act) {
    case "gather":
    case "add":
      if (own.archivedAt !== null || (own.incident !== null && own.incident !== of))
        return [{ own, answer: "illegal_move" }]
      // What it cannot take over is left to whoever has it.
      return asDone(
        caughtUp(moved(own, "incident_joined", asked, { incident: of, exempt: false }), "join", asked),
      )
    case "leave":
    case "exempt": {
      if (own.incident !== of) return [{ own, answer: "illegal_move" }]
      const incident = input.act === "leave" ? null : of
      const what = input.act === "leave" ? "incident_left" : "incident_exempt"
      const next = moved(own, what, asked, { incident, exempt: true })
      return [{ own: incident === null ? { ...next, incidentSeq: 0 } : next, answer: "done" }]
    }
    case "undo": {
      if (!own.log.some(({ act }) => act === undoes) || isOverlaid(own, undoes!))
        return [{ own, answer: "not_undoable" }]
      const next = restored(own, undoes!, by, Math.max(at, changedAt(own)))
      // What a person took out again is not gathered again.
      return [{ own: { ...next, exempt: next.incident === null || next.exempt }, answer: "done" }]
    }
    default:
      return stepped(own, asked)
  }
}

const asDone = (ways: readonly Handled[]): Handled[] => ways.map(({ own }) => ({ own, answer: "done" }))

/** A case that came into an incident, left it, or goes its own way in it. */
function moved(
  own: CaseFact,
  what: string,
  { act: { tag, by, at } }: Asked,
  to: Pick<CaseFact, "incident" | "exempt">,
): CaseFact {
  const entry = {
    what,
    who: by.name,
    at: Math.max(at, changedAt(own)),
    act: tag,
    by: by.id,
    was: keptOf(own),
  }
  return { ...own, ...to, version: own.version + 1, log: inOrder([...own.log, entry]) }
}

/** A step of the incident: the case catches up, and is left as it is where it has been there already. */
function stepped(before: CaseFact, asked: Asked): Handled[] {
  const { input } = asked.act
  const { department, cause } = asked.standing
  return caughtUp(before, input.act, asked).flatMap((way): Handled[] => {
    const { own, answer } = way
    if (answer !== "done") return [way]
    if (input.act === "assign" && own.state !== "open" && !own.contested && own.department === department)
      return [way]
    if (input.act === "resolve" && (own.state === "resolved" || own.state === "reported")) return [way]
    // Each case goes by the cause that was reported for all.
    const named =
      input.act === "report" && own.state === "resolved" && cause !== own.cause
        ? did(own, { act: "cause", cause: cause! }, asked, true)
        : [way]
    return named
      .flatMap((each) =>
        each.answer === "done" ? did(each.own, inputOf(input.act, asked), asked, false) : [each],
      )
      .flatMap((each) =>
        input.act === "assign" && before.state === "open" && each.answer === "done"
          ? asDone(caughtUp(each.own, "join", asked))
          : [each],
      )
  })
}

/** What a case has to have before an act of its incident, each where the incident has it. */
const lacking: Readonly<Record<string, readonly ("assign" | "analyse" | "plan")[]>> = {
  join: ["assign", "analyse", "plan"],
  analyse: ["assign"],
  plan: ["assign", "analyse"],
  told: ["assign", "analyse", "plan"],
  resolve: ["assign"],
}
const lacks = { assign: "open", analyse: "assigned", plan: "analysed" }

function caughtUp(own: CaseFact, before: string, asked: Asked): Handled[] {
  const { department, analysis, plan } = asked.standing
  // Who only joins is given to nobody before the incident was analysed.
  const has = {
    assign: department !== null && (before !== "join" || analysis !== null),
    analyse: analysis,
    plan,
  }
  let ways: Handled[] = [{ own, answer: "done" }]
  for (const step of lacking[before] ?? [])
    ways = ways.flatMap((way) =>
      way.answer === "done" && way.own.state === lacks[step] && has[step]
        ? did(way.own, inputOf(step, asked), asked, true)
        : [way],
    )
  return ways
}

/** An act of the incident done to one case at the instant of the incident's; what it catches up with was others' to write. */
function did(own: CaseFact, input: ActInput, { act, workers, fact }: Asked, isOthers: boolean): Handled[] {
  const by: Worker = isOthers ? { ...act.by, role: "operations" } : act.by
  const at = Math.max(act.at, changedAt(own))
  const asked = { tag: act.tag, input, by, version: undefined, workers, fact, other: false, isCommon: true }
  // The report is written once, for all.
  return handled(own, asked, at).filter(
    ({ answer }) => input.act !== "report" || answer !== "report_incomplete",
  )
}

function inputOf(step: string, { act: { input }, standing }: Asked): ActInput {
  const { cause, department, owner, analysis, plan } = standing
  if (step === "assign")
    return {
      act: "assign",
      ...(cause === null ? {} : { cause }),
      ...(department === null ? {} : { department }),
      ...(owner === null ? {} : { person: owner }),
    }
  if (step === "analyse") return { act: "analyse", ...analysis! }
  if (step === "plan") return { act: "plan", ...plan! }
  if (input.act === "told") return { act: "told", how: "chat", text: input.text ?? "" }
  if (input.act === "return") return { act: "return", gaps: input.gaps }
  return { act: step } as ActInput
}
