export type { BreachAbout, CourseEntry, ReportAbout } from "./reports/about.ts"
export { gapsOf, localDay, progressOf, sayMoney, whyLong } from "./reports/completeness.ts"
export { courseOf, goodsNamed, type Happening } from "./reports/course.ts"
export {
  type FormCode,
  fieldsSchema,
  type Gap,
  type ReportFields,
  type ReportForm,
  reportFormSchema,
} from "./reports/form.ts"
export { alikeness, personalIn, wantedWords, wordsOf } from "./reports/personal.ts"
export { prefill, resolvedAtOf, withWritten } from "./reports/prefill.ts"
