import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { check } from "../cli/check.ts"
import { mappingSchema } from "../core/mapping.ts"
import { openPath } from "../files/node.ts"
import { openTable } from "../files/reading.ts"
import { transaction } from "../store/database.ts"
import { everyRun } from "../store/keys.ts"
import { countClocks } from "../store/orderLists.ts"
import { changeSettings, findNewestSettings } from "../store/rules.ts"
import { type Rehearsal, rehearse } from "../testing/rehearsal.ts"
import {
  type Attended,
  endDead,
  type ImportOrder,
  type ImportResult,
  runImport,
  startImport,
} from "./importing.ts"
import { tick } from "./tick.ts"
import { undoImport } from "./undoing.ts"

const folder = mkdtempSync(join(tmpdir(), "zs-import-"))
const hour = 3_600_000
let stage: Rehearsal
beforeAll(async () => {
  stage = await rehearse(Date.parse("2026-11-03T04:00:00Z"))
})
afterAll(async () => {
  await stage.close()
  rmSync(folder, { recursive: true, force: true })
})

const mapping = mappingSchema.parse({
  name: "erp",
  constants: { channel: "own", shop: "main" },
  columns: {
    orderNo: "no",
    paidAt: "paid",
    shippedAt: "shipped",
    sku: "sku",
    promisedShipAt: "promise",
    receiverName: "who",
    receiverPhone: "phone",
  },
})
async function bring(
  name: string,
  lines: string[],
  exportedAt: number,
  with_ = mapping,
): Promise<{ number: number; result: ImportResult }> {
  const path = join(folder, name)
  writeFileSync(path, lines.join("\n"))
  return bringFile(path, exportedAt, with_)
}
async function bringFile(
  path: string,
  exportedAt: number | null,
  with_ = mapping,
): Promise<{ number: number; result: ImportResult }> {
  const opened = await openTable(await openPath(path), { mapping: with_ })
  const order = {
    file: path,
    opened,
    by: "test",
    shop: null,
    exportedAt,
    changedAt: stage.now,
    casesFrom: null,
  }
  const done = await runImport(stage.world, await startImport(stage.world, order), order)
  expect(done.state).toBe("done")
  return { number: done.number, result: done.result as unknown as ImportResult }
}
const tickAll = async () => {
  while ((await tick(stage.world, everyRun)).claimed > 0);
}
const ask = async <Row>(sql: string) => (await stage.db.pool.query(sql)).rows as Row[]

const head = "no,paid,shipped,sku,promise,who,phone"
const day = (n: number, time = "10:00:00") => `2026-11-0${n} ${time}`

describe("a file", () => {
  it("tells its orders, and the same file again is all duplicates", async () => {
    const lines = [
      head,
      `A1,${day(1)},,x,,林小姐,13912346021`,
      `A2,${day(2)},${day(3, "09:00:00")},x,,,`,
      `A2,${day(2)},,y,,,`,
      `,${day(2)},,x,,,`,
      `A3,yesterday,,x,,,`,
    ]
    const at = stage.now - hour
    const first = await bring("one.csv", lines, at)
    expect(first.result).toMatchObject({ rows: 3, orders: 2, newOrders: 2, rejectedCount: 2 })
    expect(first.result.byCode.map(({ code, lines }) => [code, lines])).toEqual([
      ["no_order_no", [5]],
      ["bad_datetime", [6]],
    ])
    const again = await bring("one.csv", lines, at)
    expect(again.result).toMatchObject({
      newOrders: 0,
      changedOrders: 0,
      sameOrders: 2,
      accepted: 0,
      corrected: 0,
    })
    const [a2] = await ask<{ stage: string; lines: number }>(
      "select a.stage, (select count(*)::int from lines l where l.order_id = o.id) as lines from orders o join agenda a using (bucket, id) where order_no = 'A2'",
    )
    expect(a2).toEqual({ stage: "paid", lines: 2 })
    const stored = await ask("select body::text from events union all select details::text from orders")
    expect(JSON.stringify(stored)).not.toMatch(/林小姐|13912346021/)
  })

  it("that is newer corrects what an older one said", async () => {
    await bring(
      "two.csv",
      [
        head,
        `A2,${day(2, "11:00:00")},${day(3, "09:00:00")},x,,,`,
        `A2,${day(2, "11:00:00")},${day(3, "09:30:00")},y,,,`,
      ],
      stage.now - 1_000,
    )
    const [a2] = await ask<{ stage: string; paid: Date }>(
      "select stage, facts ->> 'paid' as paid from orders join agenda using (bucket, id) where order_no = 'A2'",
    )
    expect(a2).toEqual({ stage: "shipped", paid: String(Date.parse("2026-11-02T11:00:00+08:00")) })
  })

  it("opens no case for what was overdue before the shop's first import, and says how many are", async () => {
    await tickAll()
    const [counts] = await ask(
      "select (select count(*)::int from breaches where standing) as breaches, (select count(*)::int from cases) as cases",
    )
    // The channel tells of no preparation, so only shipping is watched: A1 was due two hours ago.
    expect(counts).toEqual({ breaches: 1, cases: 0 })
  })

  it("can be taken back, the newest first, as if it had never been", async () => {
    const before = await ask(
      "select order_no, stage, facts, details from orders join agenda using (bucket, id) where told_at is not null order by order_no",
    )
    const third = await bring(
      "three.csv",
      [head, `A1,${day(1)},${day(2)},x,,,`, `A9,${day(1)},,x,,,`],
      stage.now,
    )
    await expect(undoImport(stage.world, third.number - 1, "test")).rejects.toMatchObject({
      code: "import_not_newest",
    })
    expect(
      await ask("select order_no from orders join agenda using (bucket, id) where told_at is not null"),
    ).toHaveLength(3)
    await undoImport(stage.world, third.number, "test")
    await tickAll()
    expect(
      await ask(
        "select order_no, stage, facts, details from orders join agenda using (bucket, id) where told_at is not null order by order_no",
      ),
    ).toEqual(before)
    // Lists and counts of what was paid or is wrong need not ask whether anybody speaks of it.
    expect(
      await ask("select paid_at, anomalies from orders join agenda using (bucket, id) where told_at is null"),
    ).toEqual([{ paid_at: null, anomalies: [] }])
    await expect(undoImport(stage.world, third.number, "test")).rejects.toMatchObject({
      code: "import_undone",
    })
    const again = await bring("three.csv", [head, `A9,${day(1)},,x,,,`], stage.now)
    expect(again.result.accepted).toBeGreaterThan(0)
  })

  it("withdraws what its undo takes away", async () => {
    const late = await bring(
      "late.csv",
      [head, `L1,${day(1, "01:00:00")},${day(3, "11:00:00")},x,,,`],
      stage.now,
      mappingSchema.parse({ ...mapping, constants: { channel: "own", shop: "late" } }),
    )
    await tickAll()
    const breaches = () =>
      ask<{ standing: boolean; why: string | null }>(
        "select b.standing, b.withdrawn_why ->> 'reason' as why from breaches b join orders o on o.id = b.subject_id where o.order_no = 'L1'",
      )
    expect(await breaches()).toEqual([{ standing: true, why: null }])
    await undoImport(stage.world, late.number, "test")
    await tickAll()
    expect(await breaches()).toEqual([{ standing: false, why: "import_undone" }])
  })
})

describe("a file whose old breaches are to open cases", () => {
  it("opens them for what is overdue and not shipped, however old, and not for what was shipped late", async () => {
    const path = join(folder, "old.csv")
    writeFileSync(
      path,
      [head, "O1,2026-09-01 10:00:00,,x,,,", "O2,2026-09-01 10:00:00,2026-09-20 10:00:00,x,,,"].join("\n"),
    )
    const opened = await openTable(await openPath(path), {
      mapping: mappingSchema.parse({ ...mapping, constants: { channel: "own", shop: "old" } }),
    })
    const order = {
      file: path,
      opened,
      by: "test",
      shop: null,
      exportedAt: stage.now,
      changedAt: stage.now,
      casesFrom: "open" as const,
    }
    await runImport(stage.world, await startImport(stage.world, order), order)
    await tickAll()
    const rows = await ask<{ no: string; cases: number }>(
      "select o.order_no as no, count(b.case_n)::int as cases from orders o join breaches b on b.subject_id = o.id where o.shop = 'old' group by 1 order by 1",
    )
    expect(rows).toEqual([
      { no: "O1", cases: 1 },
      { no: "O2", cases: 0 },
    ])
  })
})

const olist = new URL("../../../shared/data/olist/", import.meta.url)
const present = existsSync(olist)
if (!present) console.warn("skipped: real orders, since ../shared/data is not there")

describe.skipIf(!present)("34,689 real orders (skipped where ../shared/data is absent)", () => {
  const file = new URL("olist_orders_dataset.csv", olist).pathname
  const own = mappingSchema.parse(
    JSON.parse(present ? readFileSync(new URL("mapping.json", olist), "utf8") : "null") ?? {
      name: "x",
      columns: {},
    },
  )
  const known = {
    asOf: "2018-10-18T00:00:00Z",
    prepare: [9_144, 23_964, 1_503, 0],
    ship: [17_034, 16_074, 1_503, 0],
  }
  const fourOf = (counts: { met: number; late: number; overdue: number; running: number }) => [
    counts.met,
    counts.late,
    counts.overdue,
    counts.running,
  ]

  it("check gives the known answers", async () => {
    const { report } = await check(file, {
      format: new URL("mapping.json", olist).pathname,
      asOf: known.asOf,
    })
    expect([report.rows, report.orders, report.rejectedCount, report.anomalies.shipped_before_paid]).toEqual([
      34_689, 34_689, 0, 236,
    ])
    expect(fourOf(report.clocks.prepare!)).toEqual(known.prepare)
    expect(fourOf(report.clocks.ship!)).toEqual(known.ship)
  })

  it("a straight calculation over the same columns agrees with it, number by number", () => {
    // Written anew, without our reader: split lines, Intl for São Paulo's time, and subtraction.
    const offset = offsets("America/Sao_Paulo")
    const counts = { prepare: [0, 0, 0, 0], ship: [0, 0, 0, 0] }
    const end = Date.parse(known.asOf)
    for (const line of readFileSync(file, "utf8").trim().split(/\r?\n/).slice(1)) {
      const cells = line.replaceAll('"', "").split(",")
      const [paid, shipped, delivered] = [4, 5, 6]
        .map((i) => (cells[i] ? offset(cells[i]) : null))
        .map((at) => (at !== null && at <= end ? at : null)) as [number | null, number | null, number | null]
      if (paid === null) continue
      const stop = shipped === null ? delivered : delivered === null ? shipped : Math.min(shipped, delivered)
      for (const [kind, limit] of [
        ["prepare", 24 * hour],
        ["ship", 48 * hour],
      ] as const) {
        const place =
          stop !== null ? (stop <= paid + limit || stop < paid ? 0 : 1) : end > paid + limit ? 2 : 3
        counts[kind][place]! += 1
      }
    }
    expect(counts).toEqual({ prepare: known.prepare, ship: known.ship })
  })

  it("import, engine and summary give the same, and every late order that is observed a breach", async () => {
    stage.now = Date.parse(known.asOf)
    const { result } = await bringFile(file, stage.now, own)
    expect(result).toMatchObject({ rows: 34_689, orders: 34_689, rejectedCount: 0, overdueUnshipped: 1_503 })
    await tickAll()
    const { rows } = await countClocks(stage.db, null, null)
    const of = (kind: string, state: string) =>
      rows
        .filter((row) => row.kind === kind && (row.outcome ?? row.state) === state)
        .reduce((n, row) => n + row.n, 0)
    const [mine] = await ask<{ n: number }>("select count(*)::int as n from orders where channel = 'olist'")
    expect(mine!.n).toBeGreaterThan(34_000)
    const olistOnly = await ask<{ kind: string; outcome: string | null; state: string; n: number }>(
      "select c.kind, c.outcome, c.state, count(*)::int as n from clocks c join orders o on o.id = c.subject_id where o.channel = 'olist' and c.basis = 'company' group by 1, 2, 3",
    )
    const own_ = (kind: string, name: string) =>
      olistOnly
        .filter((row) => row.kind === kind && (row.outcome ?? row.state) === name)
        .reduce((n, row) => n + row.n, 0)
    for (const kind of ["prepare", "ship"] as const)
      expect([
        own_(kind, "met"),
        own_(kind, "late"),
        own_(kind, "over"),
        own_(kind, "running") + own_(kind, "near"),
      ]).toEqual(known[kind])
    expect(of("ship", "met")).toBeGreaterThanOrEqual(own_("ship", "met"))
    const [breaches] = await ask<{ n: number; cases: number }>(
      "select count(*)::int as n, count(b.case_n)::int as cases from breaches b join orders o on o.id = b.subject_id where o.channel = 'olist' and b.standing",
    )
    expect(breaches).toEqual({ n: known.ship[1]! + known.ship[2]!, cases: 0 })
  })
})

const tmall = new URL("../../../shared/data/tmall/tmall_order_report.csv", import.meta.url)

describe.skipIf(!existsSync(tmall))(
  "28,010 real Tmall orders without shipping times (skipped where ../shared/data is absent)",
  () => {
    it("check counts as a straight pass over the lines does", async () => {
      const path = join(folder, "tmall.json")
      writeFileSync(
        path,
        JSON.stringify({
          name: "tmall-report",
          timezone: "Asia/Shanghai",
          datetime: ["yyyy-MM-dd HH:mm:ss"],
          columns: {
            orderNo: "订单编号",
            createdAt: "订单创建时间",
            paidAt: "订单付款时间",
            amount: "总金额",
            province: "收货地址",
          },
        }),
      )
      const asOf = "2020-02-21T12:00:00+08:00"
      const { report } = await check(tmall.pathname, { format: path, asOf })
      const end = Date.parse(asOf)
      const lines = readFileSync(tmall, "utf8")
        .replace(/^\ufeff/, "")
        .trim()
        .split(/\r?\n/)
        .slice(1)
        .map((line) => line.split(","))
      const paid = lines
        .map((cells) => (cells[5] ? Date.parse(`${cells[5].replace(" ", "T")}+08:00`) : null))
        .filter((at) => at !== null && at <= end)
      expect([report.rows, lines.filter((cells) => cells[5]).length]).toEqual([28_010, 24_087])
      const over = paid.filter((at) => end > at! + 48 * hour).length
      expect(fourOf_(report.clocks.ship!)).toEqual([0, 0, over, paid.length - over])
      // The file tells neither of preparing nor of shipping: nothing is called late.
      expect([report.clocks.prepare!.observed, report.clocks.ship!.observed]).toEqual([false, false])
    })
  },
)
const fourOf_ = (counts: { met: number; late: number; overdue: number; running: number }) => [
  counts.met,
  counts.late,
  counts.overdue,
  counts.running,
]

/** Local times of a zone as instants, by asking Intl what its clock shows: of a time that comes twice the first, one that is skipped moves on. */
function offsets(zone: string): (text: string) => number {
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "medium" })
  const cache = new Map<string, number[]>()
  return (text) => {
    const wall = Date.parse(`${text.replace(" ", "T")}Z`)
    const key = text.slice(0, 13)
    let found = cache.get(key)
    if (!found) {
      found = [2, 3].map((hours) => hours * hour)
      cache.set(key, found)
    }
    for (const each of found) if (format.format(wall + each) === text) return wall + each
    return wall + 3 * hour
  }
}

describe("a file that names no shop", () => {
  it("is of the one shop that was named in the settings, whose settings stay", async () => {
    const own = { mode: "batch" as const, facts: ["paid", "shipped"], graceMs: 3 * hour }
    await transaction(stage.db, (tx) =>
      changeSettings(tx, { "kuaishou/青禾里": own }, { who: "test", at: stage.now }),
    )
    const { shop: _, ...constants } = mapping.constants
    const shopless = { ...mapping, constants: { ...constants, channel: "kuaishou" } }
    await bring("shopless.csv", [head, `S1,${day(3)},,x,,,`], stage.now, shopless)
    expect(await ask("select shop from orders where order_no = 'S1'")).toEqual([{ shop: "青禾里" }])
    const { settings } = await findNewestSettings(stage.db.pool)
    expect(settings.channels?.["kuaishou/青禾里"]).toEqual(own)
  })
})

/** A file as an import of it. */
async function orderOf(name: string, lines: string[]): Promise<ImportOrder> {
  const path = join(folder, name)
  writeFileSync(path, lines.join("\n"))
  const opened = await openTable(await openPath(path), { mapping })
  const exportedAt = stage.now
  return { file: path, opened, by: "test", shop: null, exportedAt, changedAt: exportedAt, casesFrom: null }
}

describe("an import that several take back at once", () => {
  it("is taken back once, and the audit trail says so once", async () => {
    const told = await orderOf("thrice.csv", [head, `U1,${day(3)},,x,,,`])
    const { number } = await runImport(stage.world, await startImport(stage.world, told), told)
    const undone = await Promise.allSettled([1, 2, 3].map(() => undoImport(stage.world, number, "test")))
    expect(
      undone.map((each) => (each.status === "fulfilled" ? each.value.state : each.reason.code)).sort(),
    ).toEqual(["import_undone", "import_undone", "undone"])
    expect(
      await ask(`select 1 from audit where what = 'import.undo' and subject = 'import/${number}'`),
    ).toHaveLength(1)
    expect(await ask(`select state from imports where number = ${number}`)).toEqual([{ state: "undone" }])
  })
})

describe("two imports of one channel", () => {
  it("go one after the other, so that each can be taken back", async () => {
    const one = await orderOf("one.csv", [head, `E1,${day(3)},,x,,,`])
    const started = await startImport(stage.world, one)
    const other = await orderOf("other.csv", [head, `E1,${day(3)},,x,,,`])
    await expect(startImport(stage.world, other)).rejects.toMatchObject({ code: "import_busy" })
    await runImport(stage.world, started, one)
    await runImport(stage.world, await startImport(stage.world, other), other)
  })

  it("one that begins while an older one is taken back stops that before it takes what both told", async () => {
    const told = await orderOf("told.csv", [head, `E2,${day(3)},,x,,,`])
    const first = await runImport(stage.world, await startImport(stage.world, told), told)
    const again = await orderOf("again.csv", [head, `E2,${day(3)},,x,,,`])
    let second: Attended | undefined
    // The orders are locked by then.
    const ruleBook: typeof stage.world.ruleBook = async (tx) => {
      second ??= await startImport(stage.world, again)
      return stage.world.ruleBook(tx)
    }
    await expect(undoImport({ ...stage.world, ruleBook }, first.number, "test")).rejects.toMatchObject({
      code: "import_not_newest",
    })
    await runImport(stage.world, second!, again)
    const events = await ask(
      "select 1 from events e join orders o on o.id = e.order_id where o.order_no = 'E2' and e.type = 'paid'",
    )
    expect(events).toHaveLength(1)
  })
})

describe("an import whose process died", () => {
  it("is ended as failed and can be taken back, but not while somebody carries it out", async () => {
    const brought = await orderOf("dead.csv", [head, `D1,${day(3)},,x,,,`])
    const started = await startImport(stage.world, brought)
    await expect(undoImport(stage.world, started.number, "test")).rejects.toThrow("still running")
    await started.attending.end()
    expect((await undoImport(stage.world, started.number, "test")).state).toBe("undone")
  })

  it("brings nothing more once others ended it", async () => {
    const brought = await orderOf("frozen.csv", [head, `D2,${day(3)},,x,,,`])
    const started = await startImport(stage.world, brought)
    await started.attending.end()
    await endDead(stage.world)
    await expect(runImport(stage.world, started, brought)).rejects.toThrow("ended meanwhile")
    expect(
      await ask(
        "select 1 from orders join agenda using (bucket, id) where order_no = 'D2' and told_at is not null",
      ),
    ).toEqual([])
    expect(await ask(`select state from imports where number = ${started.number}`)).toEqual([
      { state: "failed" },
    ])
  })
})
