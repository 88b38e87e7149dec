import { randomUUID } from "node:crypto"
import { afterAll, beforeAll, expect, it } from "vitest"
import { type Rehearsal, rehearse } from "../testing/rehearsal.ts"
import { type Column, parameters, unnested } from "./bulk.ts"
import "./clocks.ts"
import { copies, copyInto, sendCopy } from "./copying.ts"
import "./events.ts"
import "./orders.ts"

let stage: Rehearsal
beforeAll(async () => {
  stage = await rehearse(0)
})
afterAll(() => stage.close())

type Row = Record<string, unknown>
const columns: readonly Column<Row>[] = [
  ["small", "small", "int2"],
  ["whole", "whole", "int4"],
  ["large", "large", "int8"],
  ["ratio", "ratio", "float8"],
  ["word", "word", "text"],
  ["id", "id", "uuid"],
  ["sure", "sure", "bool"],
  ["bytes", "bytes", "bytea"],
  ["at", "at", "instant"],
  ["told", "told", "json"],
  ["said", "said", "jsonText"],
  ["words", "words", "texts"],
]
const sql: Record<string, string> = {
  instant: "timestamptz(3)",
  json: "jsonb",
  jsonText: "jsonb",
  texts: "text[]",
}

const full: Row = {
  small: -7,
  whole: 2_000_000_000,
  large: -9_007_199_254_740_991,
  ratio: 1.25,
  word: '奶油风 "四件套" \\ 😀',
  id: randomUUID(),
  sure: true,
  bytes: Buffer.from([0, 1, 255]),
  at: Date.UTC(2026, 10, 24, 2, 0, 0, 123),
  told: { b: ["林", null], a: { c: 1.5 } },
  said: '{"b":[1],"a":"林"}',
  words: ["a,b", '"', "", "很长的一句话".repeat(20)],
}

it("what is copied reads as what is inserted", async () => {
  const table = (name: string) =>
    `create table ${name} (${columns.map(([column, , kind]) => `${column} ${sql[kind] ?? kind}`).join(", ")})`
  const rows: Row[] = [
    full,
    Object.fromEntries(columns.map(([, field]) => [field, null])),
    { ...full, at: Infinity, words: [], word: "", large: 4_294_967_296, sure: false },
    { ...full, at: Date.UTC(1, 0, 1) - 62e12, large: -1, small: 0 },
    { ...full, at: Date.UTC(1969, 11, 31, 23, 59, 59, 999), word: "x".repeat(5_000) },
  ]
  const client = await stage.db.pool.connect()
  try {
    await client.query(table("copied"))
    await client.query(table("inserted"))
    await sendCopy(client, copyInto("copied", columns), rows)
    const landed = columns.map(([name, , kind]) => (kind in sql ? `${name}::${sql[kind]}` : name))
    await client.query(
      `insert into inserted select ${landed.join(", ")} from ${unnested(columns)}`,
      parameters(columns, rows),
    )
    const { rows: copied } = await client.query("select c::text from copied c")
    const { rows: inserted } = await client.query("select i::text as c from inserted i")
    expect(copied).toEqual(inserted)
    expect(copied).toHaveLength(rows.length)
  } finally {
    client.release()
  }
})

it("a copy that cannot begin or that breaks a key is an error, and the session goes on", async () => {
  const client = await stage.db.pool.connect()
  try {
    const nowhere = { text: "copy nowhere (a) from stdin (format binary)", columns }
    await expect(sendCopy(client, nowhere, [full])).rejects.toThrow(/does not exist/)
    await client.query("create table once (id uuid primary key)")
    const once = copyInto(
      "once",
      columns.filter(([name]) => name === "id"),
    )
    await expect(sendCopy(client, once, [full, full])).rejects.toMatchObject({ constraint: "once_pkey" })
    expect((await client.query("select count(*)::int as n from once")).rows).toEqual([{ n: 0 }])
  } finally {
    client.release()
  }
})

it("every copy of the product fits the migrated database", async () => {
  const tables = ["agenda", "orders", "events", "receivers", "lines", "clocks"]
  expect([...copies.keys()]).toEqual(expect.arrayContaining(tables))
  const client = await stage.db.pool.connect()
  try {
    for (const table of tables)
      await expect(sendCopy(client, copies.get(table)!, [])).resolves.toBeUndefined()
  } finally {
    client.release()
  }
})
