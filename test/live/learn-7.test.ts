/** docs/learn.md is true: chapter 7. */
import { playChapter } from './support-learn.ts'

playChapter(7)
