import { mkdtempSync, rmSync, truncateSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, expect, it } from "vitest"
import { keyFile, readMasterKey } from "./secrets.ts"

const folder = mkdtempSync(join(tmpdir(), "zs-key-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it("a master key is made once, also in a folder that is not there yet", () => {
  const data = join(folder, "of a first/start")
  const made = readMasterKey(data, undefined)
  expect(made).toHaveLength(32)
  expect(readMasterKey(data, undefined)).toEqual(made)
})

it.each([0, 20])("a file of which %i bytes are left is no master key", (bytes) => {
  readMasterKey(folder, undefined)
  truncateSync(keyFile(folder), bytes)
  expect(() => readMasterKey(folder, undefined)).toThrow(/holds no master key.*put the one back/)
  rmSync(keyFile(folder))
})
