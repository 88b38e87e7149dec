import { Button } from "antd"
import { Download } from "lucide-react"
import type { CasesQuery } from "../../src/api/contract/cases.ts"
import { address } from "../client.ts"
import { useWords } from "../words/words.ts"

/** The list as a table file, exactly its rows. */
export function Export({ query }: { query: CasesQuery }) {
  const { t } = useWords()
  return (
    <Button
      size="small"
      icon={<Download size={14} />}
      href={address("/api/v1/cases/export", { ...query })}
      download
    >
      {t("orders.export.do")}
    </Button>
  )
}
