import type { Finding } from "../../core/findings.ts"
import { company } from "./company.ts"
import type { Check, Patient } from "./finding.ts"
import { heart } from "./heart.ts"
import { machine } from "./machine.ts"

/** Everything that is looked at, in the order in which it is told; whoever adds a part adds its check here and its words in content/doctor.json. */
export const checks: readonly Check[] = [...heart, ...company, ...machine]

/** Looks at everything; what cannot be looked at is a bad finding. */
export async function examine(patient: Patient, wanted: readonly Check[] = checks): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const { id, look } of wanted)
    try {
      findings.push({ id, ...(await look(patient)) })
    } catch (error) {
      findings.push({ id, state: "bad", says: "failed", values: { error: (error as Error).message } })
    }
  return findings
}
