import { PageHead } from "../marks/PageHead.tsx"
import { useWords } from "../words/words.ts"
import { useWarnings } from "./queries.ts"
import { Warnings } from "./Warnings.tsx"

/** Warnings that run: who has them, and one button to take each. */
export default function WarningsPage() {
  const { t } = useWords()
  const waiting = useWarnings(false).data?.items.filter(
    ({ takenBy, endedAt }) => takenBy === null && endedAt === null,
  ).length
  return (
    <div className="warnings-page">
      <PageHead
        title={t("warnings.title")}
        aside={waiting ? t("warnings.count", { n: waiting }) : undefined}
      />
      <Warnings />
    </div>
  )
}
