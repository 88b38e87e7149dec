import type { WorkRow } from "../../src/api/contract/work.ts"
import { ActDialog } from "../cases/case/ActDialog.tsx"
import { useCase } from "../cases/queries.ts"
import { ErrorState, Skeleton } from "../marks/Blank.tsx"
import { Dialog } from "../marks/Dialog.tsx"
import { useWords } from "../words/words.ts"

/** Gives a case of the list to somebody: as operations assign it, or handed on with a reason; where neither is possible it is taken over. */
export function AssignDialog({ row, onClose }: { row: WorkRow; onClose(): void }) {
  const { t } = useWords()
  const { data, error } = useCase(row.number)
  const act = (["assign", "hand_on", "take"] as const).find((each) => row.caseRef?.acts.includes(each))
  if (data && act) return <ActDialog each={data} act={act} onClose={onClose} />
  return (
    <Dialog open footer={null} title={t("case.key.assign")} onCancel={onClose}>
      {act === undefined ? (
        <p className="t2">{t("work.notYours")}</p>
      ) : error ? (
        <ErrorState error={error} />
      ) : (
        <Skeleton rows={3} />
      )}
    </Dialog>
  )
}
