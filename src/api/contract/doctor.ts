import type { Finding } from "../../core/findings.ts"

/** GET /api/v1/doctor. */
export type DoctorView = { at: string; findings: Finding[] }
