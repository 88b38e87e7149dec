import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import type { Actor } from "../../core/cases.ts"
import { parseInstant } from "../../core/instants.ts"
import { type InnerKind, innerKinds } from "../../core/policy.ts"
import type { Refusal } from "../../core/refusals.ts"
import { listCaseLog, readCases, type StoredCase } from "../../store/cases.ts"
import { listClocks } from "../../store/clocks.ts"
import { caseNumber, casePlace, everyRun, orderPlace, readCaseNumber } from "../../store/keys.ts"
import { addPerson, saveDepartment } from "../../store/people.ts"
import { archivedOf } from "../../store/reports.ts"
import { readTallies } from "../../store/rollups.ts"
import { type Rehearsal, rehearse } from "../../testing/rehearsal.ts"
import { told } from "../../testing/told.ts"
import { record } from "../record.ts"
import { examineReport, ofCase } from "../reports.ts"
import { type Ticked, tick } from "../tick.ts"
import type { ActInput } from "./hand.ts"
import { performAct, performActs } from "./perform.ts"
import { undoActs, undoMs } from "./undo.ts"

const minute = 60_000
const hour = 60 * minute
const start = parseInstant("2026-11-02T10:00:00+08:00")!
let stage: Rehearsal
const people: Record<string, string> = {}
beforeAll(async () => {
  stage = await rehearse(start)
  const { pool } = stage.db
  for (const id of ["operations", "service", "warehouse", "purchasing"])
    await saveDepartment(pool, { id, name: id, parent: null })
  const add = async (name: string, department: string) => {
    people[name] = await addPerson(
      pool,
      {
        authUserId: name,
        name,
        email: `${name}@example.com`,
        expiresAt: null,
        roles: [{ role: "viewer", department }],
      },
      start,
    )
  }
  await add("zhou", "warehouse")
  await add("jiang", "warehouse")
  await add("he", "purchasing")
  await add("shen", "operations")
  await add("chen", "service")
})
afterAll(() => stage.close())

const actor = (name: string, role: Actor["roles"][number] | null, departments: string[] = []): Actor => ({
  id: people[name] ?? null,
  name,
  roles: role ? [role] : [],
  departments,
})
const shen = () => actor("shen", { role: "operations", department: null })
const zhou = () => actor("zhou", null, ["warehouse"])
const he = () => actor("he", null, ["purchasing"])
const chen = () => actor("chen", { role: "service", department: null })

/** Ticks until nothing more is due; answers the sums. */
async function tickAll(): Promise<{ inner: Ticked["inner"]; breached: number }> {
  const sum = { inner: { warned: 0, breached: 0 }, breached: 0 }
  for (;;) {
    const done = await tick(stage.world, everyRun)
    if (done.claimed === 0) return sum
    sum.inner.warned += done.inner.warned
    sum.inner.breached += done.inner.breached
    sum.breached += done.breached
  }
}
const pass = (ms: number) => {
  stage.now += ms
}

/** An order paid 25 hours ago, of which only the prepare clock is over: its case has just been opened. */
async function openCase(orderNo: string): Promise<string> {
  await record(stage.world, [told(orderNo, "paid", stage.now - 24 * hour + 1)])
  pass(2)
  await tickAll()
  const { rows } = await stage.db.pool.query("select bucket, n from cases where order_id = $1", [
    orderPlace({ channel: "douyin", shop: "s1", orderNo }).id,
  ])
  return caseNumber(rows[0].n, rows[0].bucket)
}
const caseOf = async (number: string): Promise<StoredCase> =>
  (await readCases(stage.db.pool, [readCaseNumber(number)!]))[0]!
const clocksOf = async (number: string) => {
  const place = casePlace(readCaseNumber(number)!)
  return (await listClocks(stage.db.pool, [place], "case")).get(place.id) ?? []
}
const inWords = async (number: string) =>
  (await clocksOf(number))
    .sort(
      (a, b) =>
        innerKinds.indexOf(a.kind as InnerKind) - innerKinds.indexOf(b.kind as InnerKind) ||
        a.round - b.round,
    )
    .map(
      ({ kind, round, state, outcome, breachStanding }) =>
        `${kind}${round > 0 ? ` ${round}` : ""} ${outcome ?? state}${breachStanding ? "!" : ""}`,
    )
    .join(", ")
const act = (number: string, input: ActInput, by: Actor, more: { actId?: string; version?: number } = {}) =>
  performAct(stage.world, { number, input, version: more.version }, { actor: by, actId: more.actId })
/** What a person writes into the one-minute report: the rest is filled in. */
const written = {
  causeEvidence: [{ signal: null, text: "复核时发现拣错", agreed: true }],
  repeat: "single",
  whatHappened: "拣错了一件，复核时发现，重新拣了一遍，晚上发出去了",
}
const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => "done",
    (error: Refusal) => error.code,
  )

/** The counts of cases by state and department are those of the rows. */
async function countsAgree(): Promise<void> {
  const counted = (await readTallies(stage.db.pool, ["case"]))
    .map(({ parts, n }) => `${parts.join(" ")} ${n}`)
    .sort()
  const { rows } = await stage.db.pool.query(
    "select case when withdrawn then 'withdrawn' else state end as state, coalesce(department, '') as department, count(*)::int as n from cases group by 1, 2",
  )
  expect(counted).toEqual(rows.map((each) => `${each.state} ${each.department} ${each.n}`).sort())
}

let next = 0
let number = ""
beforeEach(async () => {
  number = await openCase(`A${++next}`)
})

describe("the inner clocks of a case", () => {
  it("a case that nobody has touched has no clock row, warns and breaks all the same, each once", async () => {
    expect(await inWords(number)).toBe("")
    const opened = await caseOf(number)
    expect([opened.owed, opened.owedBy, opened.owedDueAt - opened.openedAt]).toEqual([
      "assign",
      "operations",
      30 * minute,
    ])
    pass(15 * minute)
    expect((await tickAll()).inner).toEqual({ warned: 1, breached: 0 })
    pass(15 * minute + 1)
    expect((await tickAll()).inner).toEqual({ warned: 0, breached: 1 })
    expect((await tickAll()).inner).toEqual({ warned: 0, breached: 0 })
    expect(await inWords(number)).toBe("assign over!")
    pass(hour)
    expect((await tickAll()).inner).toEqual({ warned: 0, breached: 0 })
  })

  it("is assigned, analysed late, planned, told, resolved by the fact that comes, reported and archived", async () => {
    await act(number, { act: "assign", department: "warehouse" }, shen())
    pass(hour + 1)
    await tickAll()
    await act(number, { act: "analyse", cause: "pick_error", text: "拣错了一件" }, zhou())
    await act(number, { act: "plan", etaAt: stage.now + 5 * hour, reason: "要重新拣" }, zhou())
    expect((await caseOf(number)).owed).toBe("tell")
    await act(number, { act: "told", how: "chat", text: "今晚发出" }, chen())
    const { about } = await examineReport(
      stage.world,
      stage.db.pool,
      ofCase(readCaseNumber(number)!),
      stage.now,
    )
    expect(about.tellings).toEqual([{ at: stage.now, text: "今晚发出" }])
    expect(await refusal(act(number, { act: "resolve" }, zhou()))).toBe("fact_needed")
    pass(hour)
    await record(stage.world, [told(`A${next}`, "shipped", stage.now)])
    await tickAll()
    expect((await caseOf(number)).resolvable?.fact).toBe("shipped")
    await act(number, { act: "resolve" }, zhou())
    await act(number, { act: "report", form: "short", fields: written }, zhou())
    expect(await refusal(act(number, { act: "archive" }, zhou()))).toBe("not_your_case")
    await act(number, { act: "return", gaps: ["course_gap"] }, shen())
    await act(number, { act: "report" }, zhou())
    await act(number, { act: "archive" }, shen())
    expect(await inWords(number)).toBe(
      "assign met, analyse late!, whole met, tell met, eta met, report met, report 1 met, archive met, archive 1 met",
    )
    const done = await caseOf(number)
    expect([done.state, done.owed, done.owedDueAt]).toEqual(["archived", null, Number.POSITIVE_INFINITY])
    await countsAgree()
  })

  it("goes by the cause that its report names, and the log says who changed it", async () => {
    await act(number, { act: "assign", department: "warehouse", cause: "pick_error" }, shen())
    await record(stage.world, [told(`A${next}`, "shipped", stage.now)])
    await act(number, { act: "resolve" }, zhou())
    const named = {
      cause: "preparing_backlog",
      causeReason: "当天积压了六百单",
      notToldWhy: "当天就发出去了",
    }
    await act(
      number,
      { act: "report", form: "short", fields: { ...written, ...named, told: "not_told" } },
      zhou(),
    )
    expect((await caseOf(number)).cause).toBe("preparing_backlog")
    const log = await listCaseLog(stage.db.pool, readCaseNumber(number)!)
    expect(log.at(-1)).toMatchObject({
      what: "cause",
      who: "zhou",
      data: { cause: "preparing_backlog", before: "pick_error", note: "当天积压了六百单" },
    })
    await act(number, { act: "archive" }, shen())
    expect((await archivedOf(stage.db.pool, number))?.cause).toBe("preparing_backlog")
    await countsAgree()
  })

  it("breaks late too when the act came before the tick", async () => {
    pass(31 * minute)
    await act(number, { act: "assign", department: "warehouse" }, shen())
    await tickAll()
    expect(await inWords(number)).toBe("assign late!, analyse running, whole running")
  })

  it("breaks late also when the act that came before the tick was the last of the case", async () => {
    await act(number, { act: "assign", department: "warehouse" }, shen())
    await act(number, { act: "analyse", cause: "pick_error", text: "拣错了一件" }, zhou())
    await act(number, { act: "plan", etaAt: stage.now + 5 * hour, reason: "要重新拣" }, zhou())
    await act(number, { act: "told", how: "chat", text: "今晚发出" }, chen())
    pass(hour)
    await record(stage.world, [told(`A${next}`, "shipped", stage.now)])
    await tickAll()
    await act(number, { act: "resolve" }, zhou())
    await act(number, { act: "report", form: "short", fields: written }, zhou())
    pass(24 * hour + 1)
    await act(number, { act: "archive" }, shen())
    await tickAll()
    expect(await inWords(number)).toMatch(/report met, archive late!$/)
    expect((await tickAll()).inner.breached).toBe(0)
    const done = await caseOf(number)
    expect([done.state, done.owed, done.owedDueAt]).toEqual(["archived", null, Number.POSITIVE_INFINITY])
    await countsAgree()
  })

  it("a date that is missed is a breach of its own and asks for another notice", async () => {
    await act(number, { act: "assign", department: "warehouse" }, shen())
    await act(number, { act: "analyse", cause: "pick_error", text: "拣错" }, zhou())
    await act(number, { act: "plan", etaAt: stage.now + 2 * hour, reason: "等人手" }, zhou())
    await act(number, { act: "told", how: "phone", text: "两小时后" }, chen())
    pass(2 * hour + 1)
    await tickAll()
    expect(await inWords(number)).toBe(
      "assign met, analyse met, whole met, tell met, tell 1 running, eta over!",
    )
    expect((await caseOf(number)).owed).toBe("replan")
    expect(await refusal(act(number, { act: "plan", etaAt: stage.now - 1, reason: "x" }, zhou()))).toBe(
      "eta_in_past",
    )
    await act(number, { act: "plan", etaAt: stage.now + 2 * hour, reason: "车坏了" }, zhou())
    expect((await caseOf(number)).etaChanges).toBe(1)
  })
})

describe("assignment", () => {
  it("goes to the person with the least open work, by the cause's department", async () => {
    const one = await act(number, { act: "assign", cause: "pick_error" }, shen())
    const other = await act(await openCase(`B${next}`), { act: "assign", cause: "pick_error" }, shen())
    expect([one.department, other.department]).toEqual(["warehouse", "warehouse"])
    expect(new Set([one.assignee, other.assignee])).toEqual(new Set([people.zhou, people.jiang]))
  })

  it("where a company does not have the department, the one that does its work gets the case", async () => {
    const own = await act(number, { act: "assign", cause: "system_failure" }, shen())
    expect(own.department).toBe("operations")
  })

  it("handed on twice, operations decides", async () => {
    await act(number, { act: "assign", department: "warehouse", person: people.zhou! }, shen())
    const handOn: ActInput = { act: "hand_on", department: "purchasing", reason: "needs_stock" }
    expect(await refusal(act(number, handOn, chen()))).toBe("not_your_case")
    pass(10 * minute)
    const first = await act(number, handOn, zhou())
    expect([first.department, first.assignee, first.handOns, first.contested]).toEqual([
      "purchasing",
      people.he,
      1,
      false,
    ])
    pass(10 * minute)
    const second = await act(
      number,
      { act: "hand_on", department: "warehouse", reason: "cause_elsewhere" },
      he(),
    )
    expect([second.department, second.handOns, second.contested, second.owed]).toEqual([
      "operations",
      2,
      true,
      "decide",
    ])
    expect(await refusal(act(number, { act: "analyse", cause: "pick_error", text: "x" }, shen()))).toBe(
      "illegal_move",
    )
    await act(number, { act: "assign", department: "purchasing" }, shen())
    expect(await inWords(number)).toBe(
      "assign met, assign 1 met, analyse replaced, analyse 1 replaced, analyse 2 running, whole running",
    )
  })

  it("to a colleague is no new round and is not counted", async () => {
    await act(number, { act: "assign", department: "warehouse", person: people.zhou! }, shen())
    const own = await act(number, { act: "hand_on", person: people.jiang!, reason: "shift_end" }, zhou())
    expect([own.assignee, own.handOns, own.state]).toEqual([people.jiang, 0, "assigned"])
    expect((await clocksOf(number)).filter(({ kind }) => kind === "analyse").length).toBe(1)
  })

  it("what was taken back, or given to a colleague, makes its report no longer and stands in no course", async () => {
    await act(number, { act: "assign", department: "warehouse", person: people.zhou! }, shen())
    const input: ActInput = { act: "hand_on", department: "purchasing", reason: "needs_stock" }
    const { batch } = await performActs(stage.world, [{ number, input }], { actor: zhou() })
    await undoActs(stage.world, batch, zhou())
    await act(number, { act: "hand_on", person: people.jiang!, reason: "shift_end" }, zhou())
    const subject = ofCase(readCaseNumber(number)!)
    const { about } = await examineReport(stage.world, stage.db.pool, subject, stage.now)
    expect([about.handOns, about.course.map(({ what }) => what)]).toEqual([
      0,
      ["paid", "opened", "assign", "hand_on"],
    ])
  })
})

describe("what the order says", () => {
  const solve = async () => {
    await act(number, { act: "assign", department: "warehouse" }, shen())
    await record(stage.world, [
      told(`A${next}`, "prepared", stage.now, {
        eventId: "p",
        observedAt: new Date(stage.now).toISOString(),
      }),
    ])
    await tickAll()
    await act(number, { act: "resolve" }, zhou())
  }

  it("a fact that is corrected away brings the case back as a new round", async () => {
    await solve()
    pass(minute)
    await record(stage.world, [told(`A${next}`, "retracted", stage.now, { of: { eventId: "p" } })])
    await tickAll()
    const own = await caseOf(number)
    expect([own.state, own.resolvedBy, own.owed]).toEqual(["assigned", null, "analyse"])
    expect(await inWords(number)).toBe(
      "assign met, analyse cancelled, analyse 1 running, whole cancelled, report cancelled",
    )
    await countsAgree()
  })

  it("a fact that is corrected away brings the case back, whatever is done to it before the engine looks", async () => {
    await solve()
    pass(minute)
    await record(stage.world, [told(`A${next}`, "retracted", stage.now, { of: { eventId: "p" } })])
    await act(number, { act: "take" }, zhou())
    await tickAll()
    expect((await caseOf(number)).state).toBe("assigned")
  })

  it("another breach of the order joins what was resolved and brings it back", async () => {
    await solve()
    pass(24 * hour + minute)
    expect((await tickAll()).breached).toBeGreaterThan(0)
    expect((await caseOf(number)).state).toBe("assigned")
    await countsAgree()
  })

  it.each(["prepared", "cancelled"])(
    "a breach that never was (%s in time) closes every clock of its case",
    async (type) => {
      await act(number, { act: "assign", department: "warehouse" }, shen())
      await record(stage.world, [told(`A${next}`, type, stage.now - hour)])
      await tickAll()
      expect((await caseOf(number)).withdrawn).toBe(true)
      const { n, bucket } = readCaseNumber(number)!
      const { rows } = await stage.db.pool.query(
        "select what from case_log where bucket = $1 and case_n = $2 order by seq",
        [bucket, n],
      )
      // What takes the breach back resolves nothing.
      expect(rows.map(({ what }) => what)).toEqual(["assign", "breach_withdrawn", "withdrawn"])
      pass(24 * hour)
      await tickAll()
      expect(await inWords(number)).toBe("assign met, analyse cancelled, whole cancelled")
    },
  )

  it("a date that the customer accepted resolves it, until that too is broken", async () => {
    await act(number, { act: "assign", department: "warehouse" }, shen())
    pass(minute)
    const date = new Date(stage.now + 72 * hour).toISOString()
    await record(stage.world, [told(`A${next}`, "date_agreed", stage.now, { date })])
    await tickAll()
    expect((await caseOf(number)).resolvable?.fact).toBe("date_agreed")
    await act(number, { act: "plan", solved: true }, zhou()).catch(() => {})
    await act(number, { act: "resolve", fact: "date_agreed" }, zhou())
    pass(72 * hour + 1)
    await tickAll()
    expect((await caseOf(number)).state).toBe("assigned")
  })
})

describe("an act", () => {
  it("done twice under one id is done once; one on what has changed is refused", async () => {
    const { version } = await caseOf(number)
    await act(number, { act: "assign", department: "warehouse" }, shen(), { actId: "x1", version })
    await act(number, { act: "assign", department: "warehouse" }, shen(), { actId: "x1", version })
    const own = await caseOf(number)
    expect(own.version).toBe(version + 1)
    expect(
      await refusal(act(number, { act: "analyse", cause: "pick_error", text: "x" }, zhou(), { version })),
    ).toBe("stale_version")
  })

  it("can be taken back until something else is done, and then was never done", async () => {
    const before = await caseOf(number)
    const { batch } = await performActs(
      stage.world,
      [{ number, input: { act: "assign", department: "warehouse" } }],
      { actor: shen() },
    )
    expect((await undoActs(stage.world, batch, zhou())).done[0]).toMatchObject({
      ok: false,
      code: "not_your_case",
    })
    expect((await undoActs(stage.world, batch, shen())).done[0]).toMatchObject({ ok: true })
    const own = await caseOf(number)
    expect([own.state, own.department, own.owed, own.owedDueAt]).toEqual([
      "open",
      null,
      "assign",
      before.owedDueAt,
    ])
    await countsAgree()
    const again = await performActs(
      stage.world,
      [{ number, input: { act: "assign", department: "warehouse" } }],
      { actor: shen() },
    )
    await act(number, { act: "analyse", cause: "pick_error", text: "x" }, zhou())
    expect((await undoActs(stage.world, again.batch, shen())).done[0]).toMatchObject({ code: "not_undoable" })
    const late = await performActs(
      stage.world,
      [{ number, input: { act: "plan", etaAt: stage.now + hour, reason: "x" } }],
      { actor: zhou() },
    )
    pass(undoMs + 1)
    expect((await undoActs(stage.world, late.batch, zhou())).done[0]).toMatchObject({ code: "not_undoable" })
  })

  it("for many answers for each, and does what it can", async () => {
    const others = [await openCase(`C${next}`), await openCase(`D${next}`)]
    await act(others[1]!, { act: "assign", department: "warehouse" }, shen())
    const { done } = await performActs(
      stage.world,
      [number, ...others, "C-ZZZZ"].map((each) => ({
        number: each,
        input: { act: "assign", department: "warehouse" } as ActInput,
      })),
      { actor: shen() },
    )
    expect(done.map((each) => (each.ok ? "done" : each.code))).toEqual([
      "done",
      "done",
      "illegal_move",
      "not_found",
    ])
    await countsAgree()
  })
})
