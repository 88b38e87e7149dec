import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, it } from "vitest"
import { removeSample, sampleFolder } from "./serve.ts"

let data: string
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), "zs-sample-"))
  mkdirSync(sampleFolder(data))
})
afterEach(() => rmSync(data, { recursive: true, force: true }))
const put = (name: string, text: string) => writeFileSync(join(sampleFolder(data), name), text)

it("what is left of a sample company is removed", () => {
  put("sample-company", "")
  put("zhunshi.pid", "999999999")
  expect(removeSample(data)).toBe(true)
  expect(existsSync(sampleFolder(data))).toBe(false)
})

it("a folder of that name that is no sample company is left alone", () => {
  put("orders.csv", "somebody's own")
  expect(removeSample(data)).toBe(false)
  expect(existsSync(join(sampleFolder(data), "orders.csv"))).toBe(true)
})

it("a sample company that runs is left alone", () => {
  put("sample-company", "")
  put("zhunshi.pid", String(process.ppid))
  expect(removeSample(data)).toBe(false)
  expect(existsSync(sampleFolder(data))).toBe(true)
})
