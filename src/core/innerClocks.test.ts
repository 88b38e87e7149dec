import { describe, expect, it } from "vitest"
import { shifts } from "../testing/lives.ts"
import { on, shown } from "../testing/week.ts"
import { type CaseDeed, caseEvents, innerClocks, nearAtOf, owedSteps } from "./innerClocks.ts"
import { type Clock, compileRules } from "./judge.ts"
import { defaultPolicy, type Policy } from "./policy.ts"

const more: Record<string, (rest: string) => Record<string, unknown>> = {
  hand_on: (to) => (to === "contested" ? { contested: true } : { newRound: to !== "colleague" }),
  plan: (eta) => (eta === "solved" ? {} : { etaAt: on(eta) }),
  reworked: () => ({ department: "warehouse" }),
  reopened: (department) => (department === "" ? {} : { department }),
  undone: (of) => ({ of }),
}

/** `Mon 10:00 assign, Mon 10:20 analyse, Mon 10:40 plan Tue 18:00`: each deed with its instant first; its id is its place. */
function deeds(text: string): CaseDeed[] {
  if (text === "") return []
  return text.split(", ").map((each, i) => {
    const [day, time, what, ...rest] = each.split(" ") as [string, string, string, ...string[]]
    return { id: String(i), what, at: on(`${day} ${time}`), data: more[what]?.(rest.join(" ")) ?? {} }
  })
}

const rulesOf = (policy: Policy = defaultPolicy) =>
  compileRules({ policies: [policy], calendars: { shifts }, settings: {} })

const judged = (text: string, now: string, policy?: Policy): Clock[] =>
  innerClocks(caseEvents(on("Mon 10:00"), deeds(text)), rulesOf(policy), on(now))

const inWords = (clocks: readonly Clock[]): string =>
  clocks
    .map(({ kind, round, state, outcome, dueAt }) => {
      const name = round === 0 ? kind : `${kind} ${round}`
      return state === "closed" ? `${name} ${outcome}` : `${name} ${state} ${shown(dueAt)}`
    })
    .join("; ")

describe("the clocks of a case opened on Monday at 10:00", () => {
  it.each([
    // deeds                                    at           clocks
    ["", "Mon 10:10", "assign running Mon 10:30"],
    ["", "Mon 10:15", "assign near Mon 10:30"],
    ["", "Mon 10:30", "assign near Mon 10:30"],
    ["", "Mon 10:31", "assign over Mon 10:30"],
    ["Mon 10:20 assign", "Mon 10:30", "assign met; analyse running Mon 11:20; whole running Mon 12:20"],
    ["Mon 10:40 assign", "Mon 10:50", "assign late; analyse running Mon 11:40; whole running Mon 12:40"],
    // both analysis and plan answer
    [
      "Mon 10:20 assign, Mon 10:40 analyse",
      "Mon 11:21",
      "assign met; analyse over Mon 11:20; whole running Mon 12:20",
    ],
    [
      "Mon 10:20 assign, Mon 10:40 analyse, Mon 11:20 plan Tue 18:00",
      "Mon 11:21",
      "assign met; analyse met; whole met; tell running Mon 11:50; eta running Tue 18:00",
    ],
    [
      "Mon 10:20 assign, Mon 10:40 analyse, Mon 11:30 plan Tue 18:00, Mon 11:50 told",
      "Mon 12:30",
      "assign met; analyse late; whole met; tell met; eta running Tue 18:00",
    ],
    // handing on to another department: a full hour for the next, but not for the whole
    [
      "Mon 10:20 assign, Mon 10:50 hand_on purchasing",
      "Mon 11:30",
      "assign met; analyse replaced; whole running Mon 12:20; analyse 1 running Mon 11:50",
    ],
    [
      "Mon 10:20 assign, Mon 11:30 hand_on purchasing",
      "Mon 12:25",
      "assign met; analyse late; whole over Mon 12:20; analyse 1 near Mon 12:30",
    ],
    [
      "Mon 10:20 assign, Mon 10:50 hand_on colleague",
      "Mon 11:21",
      "assign met; analyse over Mon 11:20; whole running Mon 12:20",
    ],
    // the second time operations decides, with a clock of its own
    [
      "Mon 10:20 assign, Mon 10:50 hand_on purchasing, Mon 11:00 hand_on contested",
      "Mon 11:10",
      "assign met; analyse replaced; whole running Mon 12:20; analyse 1 replaced; assign 1 running Mon 11:30",
    ],
    [
      "Mon 10:20 assign, Mon 10:50 hand_on purchasing, Mon 11:00 hand_on contested, Mon 11:05 assign",
      "Mon 11:10",
      "assign met; analyse replaced; whole running Mon 12:20; analyse 1 replaced; assign 1 met; analyse 2 running Mon 12:05",
    ],
    // another date before the first has passed; a date that was missed
    [
      "Mon 10:20 assign, Mon 10:40 analyse, Mon 10:50 plan Mon 18:00, Mon 11:00 told, Mon 17:00 plan Tue 12:00",
      "Mon 18:30",
      "assign met; analyse met; whole met; tell met; eta replaced; tell 1 over Mon 17:30; eta 1 running Tue 12:00",
    ],
    [
      "Mon 10:20 assign, Mon 10:40 analyse, Mon 10:50 plan Mon 18:00, Mon 11:00 told",
      "Mon 18:01",
      "assign met; analyse met; whole met; tell met; eta over Mon 18:00; tell 1 running Mon 18:30",
    ],
    [
      "Mon 10:20 assign, Mon 10:40 analyse, Mon 10:50 plan Mon 18:00, Mon 11:00 told, Mon 19:00 plan Tue 12:00, Mon 19:10 told",
      "Mon 20:00",
      "assign met; analyse met; whole met; tell met; eta late; tell 1 late; tell 2 met; eta 1 running Tue 12:00",
    ],
    // resolving ends what was still owed, and is what the date given waited for
    [
      "Mon 10:20 assign, Mon 10:30 resolve",
      "Mon 11:00",
      "assign met; analyse cancelled; whole cancelled; report running Tue 10:30",
    ],
    [
      "Mon 10:20 assign, Mon 10:40 analyse, Mon 10:50 plan Mon 18:00, Mon 17:00 resolve",
      "Mon 18:01",
      "assign met; analyse met; whole met; tell late; eta met; report running Tue 17:00",
    ],
    [
      "Mon 10:20 assign, Mon 10:30 resolve, Mon 12:00 report, Mon 13:00 return, Mon 14:00 report, Mon 15:00 archive",
      "Mon 18:00",
      "assign met; analyse cancelled; whole cancelled; report met; archive met; report 1 met; archive 1 met",
    ],
    // a breach joins what was resolved: the department has it again
    [
      "Mon 10:20 assign, Mon 10:30 resolve, Mon 12:00 reworked",
      "Mon 12:10",
      "assign met; analyse cancelled; whole cancelled; report cancelled; analyse 1 running Mon 13:00",
    ],
    ["Mon 10:20 assign, Mon 10:30 withdrawn", "Mon 12:00", "assign met; analyse cancelled; whole cancelled"],
    [
      "Mon 10:20 assign, Mon 10:30 withdrawn, Mon 12:00 reopened warehouse",
      "Mon 12:10",
      "assign met; analyse cancelled; whole cancelled; analyse 1 running Mon 13:00",
    ],
    ["Mon 10:20 withdrawn, Mon 12:00 reopened", "Mon 12:10", "assign cancelled; assign 1 running Mon 12:30"],
    // what was undone was never done
    ["Mon 10:20 assign, Mon 10:25 undone 0", "Mon 10:31", "assign over Mon 10:30"],
  ])("%s at %s: %s", (text, now, expected) => {
    expect(inWords(judged(text, now))).toBe(expected)
  })

  it("a department with working hours has its hour when it opens, where the policy says so", () => {
    const inHours = (each: Policy["inner"][number]) =>
      each.id === "analyse" ? { ...each, calendar: "shifts" } : each
    const policy = { ...defaultPolicy, inner: defaultPolicy.inner.map(inHours) }
    const [, analyse] = judged("Mon 18:10 assign", "Mon 20:00", policy)
    // Tuesday is free in this calendar, Wednesday's shift begins at 22:00.
    expect(shown(analyse!.dueAt)).toBe("Wed 23:00")
    expect(analyse!.state).toBe("running")
  })

  it("is near once its last warning has come, and says who owes what", () => {
    const clocks = judged("Mon 10:20 assign, Mon 10:40 analyse, Mon 10:50 plan Mon 18:00", "Mon 11:00")
    const owed = owedSteps(
      { state: "planned", contested: false, department: "purchasing", assignee: "he" },
      clocks,
    )
    expect(
      owed.map(({ what, department, person, clock }) => [
        what,
        department,
        person,
        shown(clock!.dueAt),
        shown(nearAtOf(clock!)),
      ]),
    ).toEqual([
      ["tell", "service", null, "Mon 11:20", "Mon 11:10"],
      ["resolve", "purchasing", "he", "Mon 18:00", "Mon 17:00"],
    ])
  })

  it("a missed date asks for another one", () => {
    const clocks = judged(
      "Mon 10:20 assign, Mon 10:40 analyse, Mon 10:50 plan Mon 18:00, Mon 11:00 told",
      "Mon 18:01",
    )
    const owed = owedSteps(
      { state: "planned", contested: false, department: "purchasing", assignee: null },
      clocks,
    )
    expect(owed.map(({ what }) => what)).toEqual(["replan", "tell"])
  })

  it("without a limit in the policy the step is owed all the same", () => {
    const policy = { ...defaultPolicy, inner: [] }
    expect(judged("Mon 10:20 assign", "Mon 12:00", policy)).toEqual([])
    expect(owedSteps({ state: "assigned", contested: false, department: "it", assignee: null }, [])).toEqual([
      { what: "analyse", department: "it", person: null, clock: null },
    ])
  })
})
