import { expect, it } from "vitest"
import { letterWords } from "./words.ts"

it("a list of one order says so in English", () => {
  expect(letterWords.en.listSubject("Qinghe", "28 Nov", 1)).toBe("Qinghe: 1 order to ship, 28 Nov")
  expect(letterWords.en.listOpens(1)).toMatch(/^1 order to ship today/)
  expect(letterWords.en.listOpens(12)).toMatch(/^12 orders to ship today/)
})
