import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, it } from "vitest"
import { storm } from "./storm.ts"

const seed = Math.floor(Math.random() * 2 ** 31)

it(`after a storm everything acknowledged is there and everything due fired once (seed ${seed})`, async () => {
  const data = mkdtempSync(join(tmpdir(), "zs-storm-"))
  const { wrong, orders, breaches } = await storm({ data, seconds: 8, seed })
  expect(wrong).toEqual([])
  expect(orders).toBeGreaterThan(0)
  expect(breaches).toBeGreaterThan(0)
  rmSync(data, { recursive: true, force: true })
}, 180_000)
