import { useCallback } from "react"
import { hasWords, useWords } from "../words/words.ts"
import { useDepartments } from "./queries.ts"

/** The name of a department as the company calls it. */
export function useDepartmentName(): (id: string | null) => string {
  const { t } = useWords()
  const { data } = useDepartments()
  return useCallback(
    (id) => {
      if (id === null) return t("board.holders.nobody")
      const own = data?.find((each) => each.id === id)?.name
      if (own) return own
      return hasWords(`board.department.${id}`) ? t(`board.department.${id}`) : id
    },
    [data, t],
  )
}

/** The same where the company's own names are not at hand. */
export function departmentName(department: string | null, t: (key: string) => string): string {
  if (department === null) return t("board.holders.nobody")
  return hasWords(`board.department.${department}`) ? t(`board.department.${department}`) : department
}
