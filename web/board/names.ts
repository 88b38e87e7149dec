import { hasWords, useWords } from "../words/words.ts"

/** A channel's name as its people say it; a channel of the company's own is its id. */
export function useChannelName(): (channel: string) => string {
  const { t } = useWords()
  return (channel) => (hasWords(`board.channel.${channel}`) ? t(`board.channel.${channel}`) : channel)
}
