"""Common words that lie a slip of the keyboard or two from other words.

`cash` is near `cache` and `taken` near `token`: where one of these was typed it was meant, and no
correction may turn it into the other. Words are compared by stems, so that any ending will do.
"""

from __future__ import annotations

from scoring.text import word_set

EVERYDAY_WORDS = word_set(
    """able abort abstraction accent accents accept accepts access action active adapt adaption
    admin admit adopt adoption advice advise advisor advisory affect age agent alert alignment
    alike alive allow alone along alter america american among amount analyse analysis analyst
    analysts analytics annotate annotated annotator anomaly answer apples applies area arrow
    ask asker asset assignment assume assured attach attack attention auction author
    authorisation authoritative authorization authors auto automate automated automatic
    automation autoscale autoscaler available awaitable award aware back backend bad bail bake
    baked baker ball band bang bank banking bare bars base basic basis batch bath batter beaker
    beat became become began begin begun behind bench best beta better bias bill bind binding
    bite black blank blanks bleed blend blind block blown blows bluffer board body bold book
    boost boot bored boss both bots bought bounced bound boundary bounding box brake branch
    brand breach break breaker breath bring broad broke broken broker brought brown bucks
    budget buffer bug build built bulk bunch bureaucracy burn burnt burst bursty bust busy
    butter buy byte cable cache caching calculate calculated calculates calculator calibrate
    calibrated calibrates call caller calm came camel camp camps capped capper caps capture
    card cards care carry cash cast catalog catalogue catch catching cause caution ceil cell
    cent center centre cert certainty chain chair chance change chapter charge charm chart chat
    chatter cheap cheat check checker chef chief choose chose chosen chunk chunker cite city
    claim clarification clash class classic classification classify clause clean cleaner clear
    clever click client clock close closer closest cloud club cluster clutter coach coast coat
    code coder cold collapsed collect collection color column come common companies company
    compare compensated competing competition compilation compile complain complained complains
    complaint complaints complete completion compute conclusion concurrency concurrent condense
    condensed conference confidence configuration confined confirmation confirmations confirmed
    confluence confusion connect connection connector connectors cons consent conservation
    consist constant constrain constrained constraint constraints consultant consume consumer
    contact contain container content contest context continual continue contract contractor
    contradict contradicted contradicting contradiction contradictions contradictory contrast
    control convention conversation conversion convert convinced convincing cook cookie cool
    cope copy core correct correction correlate correlation correlations cost costume could
    count counter country county couple course court cover crash crawl create credit crew
    criteria criterion cross crowd cues culture cure currency current curse curve custom
    customer cut daily dark data date day dead deal dealt dear death debt decay decide deck
    declaration declining decode decoding decoration decrease decreased dedicated deep defect
    defence defend defense defer define deflection degree delay delete deletion delicate
    deliver delivery demand deny depend dependent deploy depot depth depths derive describe
    description descriptor desert design desk detail detect detection detector develop device
    diagnose diagnosed diagnosis dice differ difficult difficulty dilution dips direct director
    directory discard discord discuss disk dismissed dist divert divide done door dose double
    doubt down draft drag drags drain draw drawn dream drew drift drill drive driven driver
    drivers drop drove dry dual due dumb dumbed dumber dump dumped dumps duplicate during early
    earn easy economic edge edit effect effective efficient effort eight eighth eighty ejection
    else embed embedded embedder ember emit employee employees employer employers empty
    encounter end engine enjoy ensure enter entire entry envoy equal error escalate escalated
    escalates estimate estimated estimates evaluation even event every evidence evidenced evil
    evils evolution exact exam except excerpt execution executor exist exit expand expect
    expert experts expire expiry explain explanatory explode exploratory explore export exports
    extend extent extra extraction extractor face fact faction factor factory fail fair faith
    fake fall false fans faqs farmer fast fat fault faulty favor fear feature federation feed
    feel fees fell felt fetch few fiction field fifth fifty fight figure file fill filler
    fillers filter final find finding fine fire firm first fit fitter five fix flag flak flaky
    flash flat fleet flight float flood floor flow flush flutter focus folded folder follow
    food force foreign forget forgot fork form format former forth forty forum forward found
    founding fourth fraction frame free frequency frequent fresh friction friend front froze
    frozen full fully function fund funding fusion future gain game gap gate gather gave
    general generation gentle german germany giant give given glass global goal gold good grace
    grade grader graders grading graft grain grand grant graph great green greet grew ground
    grounding group grow grown growth guard guess guest guide guiding habit hack half
    hallucinate hallucinated hallucinates hallucination halt halted halve halved hand handle
    handler handlers hang happen hard hardware hardwired harm hash hashing hate head heading
    health healthy hear heard heart heat heavy held hence hide high hint hire hit hold hole
    home hood hook hope hops host hosting hot hour house huge human hype idea ideal idempotency
    idempotent identify identity ignore image imbalance imbalanced impact import impotency
    improve include increase indent independent index infer infinite influence inform ingest
    ingestion inherited injected injection injector inner input insert inside inspect inspected
    inspector instance integrate integration intent intention inter interaction intern internal
    intersection interval intervals interview interviewed interviewer invalid invalidate invent
    invention invents invert inverts invest investigate investigating invitation invocation
    isolate issue item iteration job join joints judge judgement judgements judgment judgments
    jump junction june junk just justif justify keel keen keep key kind knee knew knobs know
    known label lack ladder lagging laid lake land lane laps large larger last late later
    latter launch law lawyer lawyers layer lays lead leader leading leaf leak lean leaner learn
    learnt lease least leave left legal legion lend length lens less lesson let letter level
    lever librarian libraries licence license lies life lift lifted light like limit line
    linear liner link linking lint linter list listen lite litter live load loader loading loan
    local locate lock log logger logic login long longer look loop loose loosen lose loss lost
    loud love low lower loyal luck lucky lunch machine made magic mail main major make maker
    manage manager manipulate map march margin mark marker market mash mashed mask mass master
    match matcher mate math matter maxed maximum mayor mean meant measure meat media median
    meet member memor memory mended mental mention menu merge merger merit mess message messed
    messenger messes messy metal metric middle might migration mild mile mind mine minimum
    minister minor minus minute mislead misleads misled misposted misread misreads misrouted
    miss mission mistake mitigation mix mixture mode model moderator modern modify moment money
    monitor monster month moral morale more most mother motion mount mouse mouth move much
    multiple multiplied multiplies multiply muster mutation myth name narrow nation national
    near neat need ness nest net network newer news next nice nicer night nine node nodes noise
    noisy none noon normal notation note notice notify notion noun now number object observe
    obtain odd offer offline often older online open operate operation optimal option optional
    orchestrate orchestration orchestrator order organ orientation other outer output over
    overloaded overlooked overrated overridden override overrides overruled overwrite
    overwrites owed own owner pace pack packing page pager paid pain paint painter pair panel
    paper parallel parameter parent park pars parser parsers parsing part partition party pass
    passage passing past paste pasted pastes patch path patient pattern pause pausing pay peak
    peek peer people percentage percentages percentile percentiles perception perform perimeter
    period permission permit person persona personal personnel petition phase phone phrase pick
    picture piece pile piles pilot ping pinged pinned pins pipe place plain plan plane planer
    planner plant plate play please pleasure plot plug plus point pointer policy poll pool poor
    port portion pose position possible post posting potion pound pour power practice practise
    practised pray precede precise precision prediction predictor prefer premise prepare
    present press pressure pretend pretty prevent prewarmed price pricey pride prime principal
    principle print printer prior private prize probe problem proceed process processor
    processors produce product production profiling profit program progress projection promise
    promoted prompt proof proper property prose protect protection protocol prototype prove
    proven provide provision public pull pulse pure purg purge push qualifies quality
    quantified quantifies quantify quantile quantise quantised quantities quantity quartile
    query question queue queued quick quiet quit quite quota quotas quote race rack raise rand
    range rank ranker ranking rapid rare rate rater raters rather ratio ration rational raw
    reach reachable react reaction read readable reader reading ready real really rear reason
    rebuild rebuilt recall receive recent reception recognise record recover recovery redact
    redaction redactor reduce reduction refer refine reflect refunding refuse regard region
    regress regression regular regularise regularly regulation regulator rehearsal reindexed
    reject rejection relate relation release relevant reliable religion rely remain remainder
    remark reminded remote remove render rendition rent repair repeat repetition replace replay
    replication reply report repository repression reputable reputation request require reran
    rerank reranking rerun rescored rescue reset resist resolution resolve resource respond
    responses rest restarted restore result resume retain retention retire retrain retraining
    retreat retrieve retry return reuse reused reveal reverse reverted reverting review revise
    revolution reward reword reworded rework rewrite rewrites rewritten rewrote rich ride ridge
    right ring rise risen risk risky road rock role roll room root rooter rose rosy rotate
    rotation rote rough round rounding route router routine routing row rude rule run runaway
    rung runway rush safe safer safety said salad salary sale same sample sand save saver
    scalar scale scaler scam scammer scan scanner scared scattered scene schema scheme scope
    score scorer screen screener script sealed search seat second secret section secure seed
    seek seem seen segment select selection self sell send sender sense sensible sensitive sent
    sentence separate sequences series serve server service session set settle seven several
    severe shaft shallow shape shard sharding share sharing sharp shed sheet shelf shell shift
    ship shock shoes shook shoot shop short shorten shorter shot should show shown shrank
    shrink shrugged shrunk shut shutter sick side sight sign signal silent silver similar
    simple simpler simply simulation since single sink site sits sitting situation sixth sixty
    size skill skip slack sleep slice slid slide slim slip slope slot slow slower small smart
    smooth snap sneak soak social sock soft sole solid solo solve solver some son song sort
    sound source space spam span spans spare spark sparse speak speaker special speech speed
    spell spend spent spike spiky spill spin split splitter spoke spoken spot spread spring
    sprint stable stack staff stage stainer stake stale stall stamped stand star start state
    stateless static station stationary status stay steady steal steam steel steep stem
    stemming stems step stick still stimulation stir stock stone stop store storm story
    straight strain straining strange stranger strangers strays stream street stress strict
    strike string strip stripe strong stronger strongest structure struggled stuck student
    study stuff stuttered style subject submit success such sued suffices suffix suffixes
    suggest suit sum summaries summarise summariser summarize summarized summarizer summary
    summer super superb superior supervised supervisor supplied supplier support suppose sure
    surface surge swallow swamped swapped sweep switch symbol synthesis synthetic system table
    tail take taken tale talk tall tanked target task taste tasting tax teach teacher teachers
    team tech tell templating tempt tempting tend tens term terminal terminate test tester
    testing text texture thank theme theory thick thin thing think thinking thought thread
    threat three threshold threw through throw thrown thus tick tidy tie tier tiger tight tile
    till timber time timer tiny tired title today token told tomb tone took tool top topic torn
    total touch tough toys trace tracer track tracker tracking traction trade trading trail
    train trainee training trait transaction transcribe transcript transfer transition
    translate transmission transport trap treat tree trend trendy trial trick tricky trigger
    trim trip tripled trouble trucking true trust truth try tube tune turn type typer unable
    unbounded uncached uncertain uncertainty under understand understood ungrounded union
    unique unit unload unmatched unrated unreachable unreached unreadable unrelated unreliable
    untested untrusted update upload upsert upset usable use user usual vague valid validation
    value variation vary vast vector vendor verb verify version very victor view violation
    virtual vision visit voice volume vote wait waiter wake walk walker wall wander want war
    ward wards warm warn waste watch water wave waver wavers weak wealth wear week weigh
    weighed weighing weighs weight well went west wheel whenever where wherever while white
    whole wide widen wider width wild will win wind window winner winter wipe wire wise wish
    within woke woman wonder wont word wordy work worker world worn worry worse worst worth
    would wrap write writer writers wrong wrote year yield young zone"""
)
