import { readdirSync } from "node:fs"
import { afterAll, beforeAll, expect, it } from "vitest"
import { type Rehearsal, rehearse } from "../testing/rehearsal.ts"
import { statements } from "./statement.ts"

let stage: Rehearsal
beforeAll(async () => {
  for (const file of readdirSync(import.meta.dirname))
    if (file.endsWith(".ts") && !file.endsWith(".test.ts")) await import(/* @vite-ignore */ `./${file}`)
  stage = await rehearse(0)
})
afterAll(() => stage.close())

it("every statement that the product can send fits the migrated database", async () => {
  expect(statements.size).toBeGreaterThan(80)
  const client = await stage.db.pool.connect()
  try {
    let n = 0
    for (const { name, text } of statements.values()) {
      if (/^lock /.test(text)) continue
      await expect(client.query(`prepare check_${n++} as ${text}`), name).resolves.toBeDefined()
    }
  } finally {
    client.release()
  }
})
