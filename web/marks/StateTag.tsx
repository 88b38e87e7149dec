import type { ReactNode } from "react"
import { useWords } from "../words/words.ts"
import { StateIcon } from "./StateIcon.tsx"
import type { MarkState } from "./states.ts"

type Props = {
  state: MarkState
  count?: number | undefined
  children?: ReactNode
  pressed?: boolean
  onPress?: () => void
}

/** A state in colour, shape and word; with a count and a press it is a filter. */
export function StateTag({ state, count, children, pressed = false, onPress }: Props) {
  const { t, language } = useWords()
  const word = children ?? t(`marks.state.${state}`)
  const figure = count === undefined ? null : count.toLocaleString("en")
  const text =
    figure === null ? (
      word
    ) : language === "en" ? (
      <>
        {figure} {word}
      </>
    ) : (
      <>
        {word} {figure}
      </>
    )
  const inside = (
    <>
      <StateIcon state={state} size={12} />
      {text}
    </>
  )
  if (!onPress) return <span className={`tag ${state}`}>{inside}</span>
  return (
    <button type="button" className={`tag ${state}`} aria-pressed={pressed} onClick={onPress}>
      {inside}
    </button>
  )
}
