import { expect, it } from "vitest"
import words from "../words/en/settings.json" with { type: "json" }
import { saySubject, sayWho } from "./auditWords.ts"

const of: Record<string, string> = words.audit.of
const say = (subject: string) =>
  saySubject(subject, (key, values) => of[key.split(".").at(-1)!]!.replace("{{id}}", values?.id ?? ""))

it("says what a row of the audit trail is about, without ids that nobody reads", () => {
  const id = "01a217f4-aa00-70ec-a22a-b425860490fc"
  expect(say("C-02M7")).toBe("C-02M7")
  expect(say("douyin/s1/6935")).toBe("douyin/s1/6935")
  expect(say(id)).toBe("Several at once")
  expect(say(`handover/${id}`)).toBe("A handover")
  expect(say(`partner/${id}`)).toBe("Partner")
  expect(say(`backup/${id}`)).toBe("Backup")
  expect(say("import/12")).toBe("Import 12")
  expect(say("16 cases")).toBe("16 cases")
  expect(say("roster")).toBe("Roster")
})

it("says who did it: people by their names, keys and the system in words", () => {
  const by: Record<string, string> = words.audit.by
  const who = (name: string) =>
    sayWho(name, (key, values) => by[key.split(".").at(-1)!]!.replace("{{name}}", values?.name ?? ""))
  expect(["沈一诺", "key erp", "nightly", "engine", "command line", "daily list"].map(who)).toEqual([
    "沈一诺",
    "Key erp",
    "The nightly run",
    "The system",
    "The command line",
    "The daily list",
  ])
})
