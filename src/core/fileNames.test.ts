import { expect, it } from "vitest"
import { fileNameOf } from "./fileNames.ts"

it.each<[string, string | undefined, string]>([
  ["is the last part of a path", "C:\\exports\\../orders.csv", "orders.csv"],
  ["has nothing that cannot be kept or misleads", "a\u0000b\u202egnp.exe", "abgnp.exe"],
  ["keeps its end whole where it is long", `${"😀".repeat(200)}.jpeg`, `${"😀".repeat(115)}.jpeg`],
  ["is there where a form names none", undefined, "file"],
  ["is there where nothing is left of it", " \u0000 ", "file"],
])("a file's name %s", (_, told, name) => {
  expect(fileNameOf(told)).toBe(name)
})
