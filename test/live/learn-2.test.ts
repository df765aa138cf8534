/** docs/learn.md is true: chapter 2. */
import { playChapter } from './support-learn.ts'

playChapter(2)
