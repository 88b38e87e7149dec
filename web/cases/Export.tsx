import { Button } from "antd"
import { Download } from "lucide-react"
import { useState } from "react"
import type { CaseRow, CasesPage, CasesQuery } from "../../src/api/contract/cases.ts"
import { get } from "../client.ts"
import { saveWorkbook } from "../marks/download.ts"
import { exact } from "../time/dates.ts"
import { useZone } from "../time/zone.ts"
import { useWords } from "../words/words.ts"
import { useDepartmentName } from "./names.ts"
import { useCauseName } from "./queries.ts"

const exportMax = 10_000

/** The list as a workbook: exactly its rows, at most ten thousand. */
export function Export({ query }: { query: CasesQuery }) {
  const { t, language } = useWords()
  const zone = useZone()
  const departmentName = useDepartmentName()
  const causeName = useCauseName(language)
  const [busy, setBusy] = useState(false)
  const write = async () => {
    setBusy(true)
    try {
      const rows = await fetchAll(query)
      const instant = (at: string | null | undefined) => (at ? exact(Date.parse(at), zone) : "")
      await saveWorkbook(
        t("cases.title"),
        ["number", "order", "product", "cause", "owed", "due", "state", "opened", "holder"].map((key) =>
          t(`cases.column.${key}`),
        ),
        rows.map((row) => [
          row.number,
          row.order.orderNo,
          row.product ?? "",
          causeName(row.cause) ?? "",
          row.owed ? t(`case.owed.${row.owed.what}`) : "",
          instant(row.owed?.dueAt),
          t(`cases.state.${row.state}`),
          instant(row.openedAt),
          [row.assignee?.name, departmentName(row.department)].filter(Boolean).join(" "),
        ]),
      )
    } finally {
      setBusy(false)
    }
  }
  return (
    <Button size="small" icon={<Download size={14} />} loading={busy} onClick={() => void write()}>
      {t("orders.export.do")}
    </Button>
  )
}

async function fetchAll(query: CasesQuery): Promise<CaseRow[]> {
  const rows: CaseRow[] = []
  for (let cursor = ""; ; ) {
    const page = await get<CasesPage>("/api/v1/cases", { ...query, limit: 500, cursor })
    rows.push(...page.items)
    if (page.next === null || rows.length >= exportMax) return rows
    cursor = page.next
  }
}
