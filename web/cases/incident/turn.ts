import type { OwedWhat } from "../../../src/api/contract/cases.ts"
import type { IncidentActName, IncidentView } from "../../../src/api/contract/incidents.ts"

export type Act = IncidentActName

/** Which act answers what is owed; what operations decide they decide case by case. */
export const answers: Partial<Record<OwedWhat, Act>> = {
  assign: "assign",
  analyse: "analyse",
  plan: "plan",
  replan: "plan",
  tell: "told",
  resolve: "resolve",
  report: "report",
  archive: "archive",
}
const main: readonly Act[] = ["analyse", "plan", "told", "resolve", "report", "archive"]

/** The act that comes next and that the reader may do: what is owed first, else the next step; null: nothing is theirs to do. */
export function nextActOf({ owedList, legal }: Pick<IncidentView, "owedList" | "legal">): Act | null {
  const may = (act: Act | undefined): act is Act => legal.some((each) => each.act === act && each.may)
  for (const { what } of owedList) if (may(answers[what])) return answers[what]!
  return legal.find(({ act }) => main.includes(act) && may(act))?.act ?? null
}
