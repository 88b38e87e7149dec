import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { Actor } from "../../core/cases.ts"
import { openDatabase, transaction } from "../../store/database.ts"
import { caseNumber, runCount } from "../../store/keys.ts"
import { saveHead } from "../../store/memberships.ts"
import { addPerson, saveDepartment } from "../../store/people.ts"
import { addLeave, dropLeave } from "../../store/rosters.ts"
import { findSubject, type Subject } from "../../store/subjects.ts"
import { caseOf, tellOrders, tickAll } from "../../testing/cases.ts"
import { type Rehearsal, rehearse } from "../../testing/rehearsal.ts"
import { speak as speakAlert } from "../alerts/speak.ts"
import { tick } from "../tick.ts"
import { answerHelp, askForHelp, withdrawHelp } from "./ask.ts"

const minute = 60_000
const hour = 60 * minute
const start = Date.parse("2026-11-24T01:00:00Z")
let stage: Rehearsal
let subject: Subject
const ids: Record<string, string> = {}

beforeAll(async () => {
  stage = await rehearse(start)
  await transaction(stage.db, async (tx) => {
    await saveDepartment(tx, { id: "operations", name: "运营", parent: null })
    await saveDepartment(tx, { id: "supply", name: "供应链", parent: null })
    await saveDepartment(tx, { id: "purchasing", name: "采购", parent: "supply" })
    for (const [name, department, role] of [
      ["沈一诺", "operations", "owner"],
      ["周楠", "operations", "operations"],
      ["何舟", "purchasing", "viewer"],
      ["唐敏", "purchasing", "viewer"],
      ["高远", "supply", "viewer"],
    ] as const)
      ids[name] = await addPerson(
        tx,
        {
          authUserId: name,
          name,
          email: `${name}@example.com`,
          expiresAt: null,
          department,
          roles: [{ role, department: null }],
        },
        start,
      )
    await saveHead(tx, "purchasing", ids.何舟!)
    await saveHead(tx, "supply", ids.高远!)
  })
  await tellOrders(stage, [{ orderNo: "A1", events: [["paid", start - 25 * hour]] }])
  stage.now = start
  await tickAll(stage)
  const { n, bucket } = await caseOf(stage, "A1")
  subject = (await findSubject(stage.db.pool, caseNumber(n, bucket)))!
})
afterAll(() => stage.close())

const actor = (name: string, department: string): Actor => ({
  id: ids[name]!,
  name,
  roles: [{ role: department === "operations" ? "operations" : "viewer", department: null }],
  departments: [department],
})
const zhou = () => actor("周楠", "operations")
const he = () => actor("何舟", "purchasing")
const tang = () => actor("唐敏", "purchasing")

/** What stands of a request's clock, and how often it was said. */
async function clockOf(id: string) {
  const { pool } = stage.db
  const { rows } = await pool.query(
    `select c.state, c.outcome, c.breach_standing as late, c.effects, h.state as help, h.escalations,
       (select count(*)::int from outbox o, json_array_elements(o.about) e where o.kind = 'breach' and o.clock = 'answer'
         and e ->> 1 = c.subject_id::text) as said
     from clocks c join help_requests h on h.id = c.subject_id where c.subject_kind = 'duty' and c.subject_id = $1`,
    [id],
  )
  return rows[0]
}
async function rung(name: string): Promise<string[]> {
  const { rows } = await stage.db.pool.query("select kind from staff_notices where staff = $1 order by id", [
    ids[name],
  ])
  return rows.map(({ kind }) => kind)
}

describe("a request for help", () => {
  it("has an answer clock of the policy, and reaches whoever is asked", async () => {
    const help = await askForHelp(
      stage.world,
      subject,
      { department: "purchasing", text: "还有货吗" },
      zhou(),
    )
    expect(help.dueAt).toBe(start + hour)
    const { rows } = await stage.db.pool.query("select id from alerts where key = $1", [`help ${help.id}`])
    await speakAlert(stage.world, rows[0].id)
    // Nobody is on duty there: its head.
    expect(await rung("何舟")).toEqual(["alert"])
    await withdrawHelp(stage.world, help.id, zhou())
    expect(await clockOf(help.id)).toMatchObject({ state: "closed", late: null, help: "withdrawn" })
    await expect(answerHelp(stage.world, help.id, "有", he())).rejects.toThrow(/answered or withdrawn/)
  })

  it("that is answered in time is no breach, and the answer rings whoever asked", async () => {
    const help = await askForHelp(stage.world, subject, { person: ids.何舟, text: "能调吗" }, zhou())
    stage.now += 59 * minute
    await tickAll(stage)
    await answerHelp(stage.world, help.id, "能", he())
    stage.now += 3 * hour
    await tickAll(stage)
    expect(await clockOf(help.id)).toMatchObject({ outcome: "met", late: null, said: 0, escalations: [] })
    expect(await rung("周楠")).toEqual(["help_answered"])
  })

  it("that nobody answers breaches once, and goes on to the head, the one above and the owner", async () => {
    const help = await askForHelp(stage.world, subject, { department: "purchasing", text: "急" }, zhou())
    const due = help.dueAt
    const reach = async (at: number) => {
      stage.now = at
      await tickAll(stage)
      const { escalations, late, said } = await clockOf(help.id)
      return [escalations.map(({ to }: { to: string }) => to), late, said]
    }
    expect(await reach(due)).toEqual([[], null, 0])
    expect(await reach(due + 1)).toEqual([[ids.何舟], true, 1])
    expect(await reach(due + hour)).toEqual([[ids.何舟], true, 1])
    expect(await reach(due + hour + 1)).toEqual([[ids.何舟, ids.高远], true, 1])
    expect(await reach(due + 5 * hour)).toEqual([[ids.何舟, ids.高远, ids.沈一诺], true, 1])
    expect(await reach(due + 50 * hour)).toEqual([[ids.何舟, ids.高远, ids.沈一诺], true, 1])
    expect((await rung("高远")).filter((kind) => kind === "help_escalated")).toHaveLength(1)
    const { rows } = await stage.db.pool.query(
      "select department from outbox where clock = 'answer' and kind = 'breach'",
    )
    expect(rows).toEqual([{ department: "purchasing" }])
    await answerHelp(stage.world, help.id, "明天到", actor("高远", "supply"))
    await tickAll(stage)
    expect(await clockOf(help.id)).toMatchObject({ outcome: "late", late: true, said: 1, help: "answered" })
  })

  it("goes to the head above first while the nearest is away", async () => {
    const leave = { staff: ids.何舟!, from: stage.now, to: stage.now + 3 * hour, reason: "病假" }
    const away = await addLeave(stage.db.pool, leave, stage.now)
    const help = await askForHelp(stage.world, subject, { department: "purchasing", text: "急" }, zhou())
    for (const at of [help.dueAt + 1, help.dueAt + hour + 1]) {
      stage.now = at
      await tickAll(stage)
    }
    const { escalations } = await clockOf(help.id)
    expect(escalations.map(({ to }: { to: string }) => to)).toEqual([ids.高远, ids.何舟])
    await dropLeave(stage.db.pool, away)
    await withdrawHelp(stage.world, help.id, zhou())
  })

  it("answered late before the engine looked is a breach all the same, once, and goes to nobody", async () => {
    const help = await askForHelp(stage.world, subject, { department: "purchasing", text: "?" }, zhou())
    stage.now = help.dueAt + 10 * minute
    await answerHelp(stage.world, help.id, "晚了", tang())
    await tickAll(stage)
    await tickAll(stage)
    expect(await clockOf(help.id)).toMatchObject({ outcome: "late", late: true, said: 1, escalations: [] })
  })

  it("is answered by whom it was asked of, and by nobody else", async () => {
    const help = await askForHelp(stage.world, subject, { person: ids.何舟, text: "?" }, zhou())
    await expect(answerHelp(stage.world, help.id, "我", zhou())).rejects.toThrow(/somebody else/)
    await expect(answerHelp(stage.world, help.id, "我", tang())).rejects.toThrow(/somebody else/)
    await expect(withdrawHelp(stage.world, help.id, tang())).rejects.toThrow(/somebody else/)
    await expect(askForHelp(stage.world, subject, { person: ids.周楠, text: "?" }, zhou())).rejects.toThrow()
    await withdrawHelp(stage.world, help.id, zhou())
  })

  it("is cut between characters where bells and robots say its beginning", async () => {
    const text = `${"货".repeat(119)}😀${"货".repeat(78)}😀`
    const help = await askForHelp(stage.world, subject, { department: "purchasing", text }, zhou())
    await answerHelp(stage.world, help.id, text, he())
    const { rows } = await stage.db.pool.query(
      "select said ->> 'question' as said, (select data ->> 'text' from staff_notices where kind = 'help_answered' and data ->> 'text' like '货%') as rung from alerts where key = $1",
      [`help ${help.id}`],
    )
    expect(rows).toEqual([{ said: text, rung: `${"货".repeat(119)}😀` }])
  })

  it("that cannot be looked at stops no other one", async () => {
    const [bad, good] = [
      await askForHelp(stage.world, subject, { department: "purchasing", text: "bad" }, zhou()),
      await askForHelp(stage.world, subject, { department: "purchasing", text: "good" }, zhou()),
    ]
    await stage.db.pool.query(
      "update help_requests set state = 'answered', answered_at = null where id = $1",
      [bad.id],
    )
    await stage.db.pool.query("update clocks set warnings = '0' where subject_id = $1", [bad.id])
    stage.now = good.dueAt + 1
    await tickAll(stage)
    expect(await clockOf(good.id)).toMatchObject({ late: true })
    const { rows } = await stage.db.pool.query(
      "select stuck ->> 'tries' as tries from duties where id = $1",
      [bad.id],
    )
    expect(rows).toEqual([{ tries: "1" }])
    await stage.db.pool.query("delete from duties where id = $1", [bad.id])
  })
})

describe("engines that fight and die", () => {
  it("let each warning, breach and escalation of many requests happen exactly once", async () => {
    const asked = []
    for (let i = 0; i < 12; i++)
      asked.push(await askForHelp(stage.world, subject, { department: "purchasing", text: `${i}` }, zhou()))
    const killer = openDatabase(stage.db.url, { max: 1 })
    const kill = () =>
      killer.pool.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()
           and pid <> pg_backend_pid() and query ilike '%help%'`,
      )
    for (const at of [30 * minute, hour + 1, 2 * hour + 2]) {
      stage.now = asked[0]!.at + at
      // Some are answered while the engines are at it, and sessions are killed under both.
      const answers = asked
        .slice(0, 3)
        .map(({ id }) => answerHelp(stage.world, id, "好", tang()).catch(() => null))
      const ticks = Array.from({ length: 2 * runCount }, (_, i) =>
        tick(stage.world, { first: i % runCount, last: i % runCount }).catch(() => null),
      )
      await kill()
      await Promise.all([...answers, ...ticks, kill()])
    }
    await killer.close()
    await tickAll(stage)
    for (const { id } of asked) {
      const { late, said, escalations } = await clockOf(id)
      const isLate = late === true
      expect([said, new Set(escalations.map(({ to }: { to: string }) => to)).size]).toEqual([
        isLate ? 1 : 0,
        escalations.length,
      ])
      if (!asked.slice(0, 3).some((each) => each.id === id))
        expect([isLate, escalations.length]).toEqual([true, 2])
    }
  })
})
