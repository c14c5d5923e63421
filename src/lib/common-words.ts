/**
 * English words that are names too. Alone they name nobody: “The park will close on the 1st of May” is not about Will Park, nor
 * about Mrs May, and a public text without “road” or “west” cannot say where something is. The list is our own, because lists
 * of stop words lack nearly all of these words and dictionaries contain thousands of rare surnames.
 */
const words = `
  abbey amber and any april are art ash august autumn baker ball bank barber barn bay beach bee bell bench best
  big bill bird bishop black blue bolt book boot bow box bridge bright broad brook brown buck bull burn bush
  but butcher can cane carpenter case cash castle cat chance chapel chase christmas church clay cliff close
  cloud coffin coin cone constable cook cotton court crane cross curry daisy dale dawn day dean did dock don
  dove down drake driver duke earl east easter fair faith fan farm farmer fast fear field finch fine fisher
  flint flood fly fog foot for ford forest forester fox friday frost gale gardener gate get glass glen gold
  golden good grant gray green grey had hall ham hand hard hardy hare has hawk hazel head heath heather hedge
  her heron high hill him his holly honour hope horn house how hunter island its ivy joint jolly judge june
  keen king kite knight lake lamb lane large let light lion little lock long lot love low luck main major man
  march mark marsh marshal may mayor meadow men mercy merry mile miles mill mint monday money monk month moody
  moon moor more moss new night nightingale noon north not now off old one our out own pace pack page pain
  painter pan parish park parking partridge patience peace peacock peel penny pepper pike piper place plant
  point pole pond pool pope porter post potter pound power price pride prince put queen quick race rail rain
  rate raven reason red reed rich rider ridge river road rock rook root rose round rush rusty sailor sale
  salmon sand sandy say scarlet seal see self sell shade sharp she shepherd shore short side silver sing singer
  six sky small snow son song south sparrow speed spring square squire stack stair stamp star still stock stone
  storm story street strong such summer sun sunday swallow swan sweet swift tan tanner temple ten the thorn too
  tower town train tree trick trout true two use vale van vine wade wait wake walker wall want ward warden was
  wash water watt way weaver week weir well west wheel white who why wick wild will wind wing winner winter
  wise wolf wood word work wren yard yes you young
`
  .trim()
  .split(/\s+/)

const common: ReadonlySet<string> = new Set(words)

/** True for a folded word that is common English, in the singular or the plural. */
export const isCommonWord = (word: string): boolean =>
  common.has(word) || (word.endsWith('s') && common.has(word.slice(0, -1)))
