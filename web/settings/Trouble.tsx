import { useProblem } from "../marks/Blank.tsx"

/** What went wrong with an act, in a line beside it; nothing while nothing did. */
export function Trouble({ error }: { error: unknown }) {
  const problem = useProblem()
  if (!error) return null
  const { title, mend } = problem(error)
  return (
    <p className="settings-error" role="alert">
      {title} {mend}
    </p>
  )
}
