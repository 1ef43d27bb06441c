"""Common words that lie a slip of the keyboard or two from other words.

`cash` is near `cache` and `token` near `taken`: where one of these was typed it was meant, and no
correction may turn it into the other. Endings are left out, since words are compared by stems.
"""

from __future__ import annotations

from scoring.text import word_set

EVERYDAY_WORDS = word_set(
    """able abstraction access action active adapt adaption adopt adoption advice advise affect
    age agent alert allow alone along amount answer area arrow ask asset assume attack
    attention auction back bad baker band bank banking bare base basic batch bath batter beaker
    beat behind best better bias bill bind binding bite blind block board body bold book bored
    both bound bounding box brake branch brand break breaker bring broad broker brown budget
    buffer bug build bulk burn burst busy butter buy cable cache caching call calm came capture
    care cash cast catch catching cause caution cell chain chair chance change charge charm
    chart chat cheap cheat check choose chose chunk city claim class clause clean clear clever
    client clock close cloud club cluster coach coast coat code cold collect collection color
    column come common compare competition compilation compile complete completion compute
    connect connection conservation consist constant consume consumer contact contain container
    content contest context continual continue contract control conversation conversion convert
    cookie copy core correct correction cost costume could count counter country county couple
    course court cover crash crawl create credit crew cross crowd culture current curse custom
    customer cut daily dark data date day dead deal dear death debt decide deep defect defer
    define degree delay delete deletion deliver demand deny depend dependent deploy derive
    describe desert design desk detail detect detection develop device differ dilution direct
    discuss disk divide door double doubt down draft drain draw dream drift drill drive drop
    dry due during early earn easy economic edge edit effect effective efficient effort else
    embed ember empty encounter end engine enjoy ensure enter entire entry equal error
    evaluation event every evolution exact exam except exist exit expand expect explain extend
    extra extraction face fact faction factor fail fair faith fake fall false fast fat fault
    favor fear feature federation feed feel fetch few field fight figure file fill filter final
    find finding fine fire firm first fit fitter fix flag flat fleet flight float flood floor
    flow flutter focus follow food force foreign forget form format former forward found
    founding fraction frame free frequent fresh friction friend front full fully function fund
    funding fusion future gain game gap gate gather general generation gentle give glass global
    goal gold good grade grading graft grain grand grant graph great green greet ground
    grounding group grow growth guard guess guest guide guiding habit hack half hand handle
    hang happen hard harm hash hashing hate head heading health hear heart heat heavy held
    hence hide high hint hire hit hold hole home hope host hosting hot hour house huge human
    idea ignore image impact import improve include increase independent index infer inform
    input insert inside instance intent intention invest issue item iteration job join judge
    jump junction just keep key kind know label lack ladder land lane large last late later
    latter law layer lead leader leading leaf leak lean learn leave left legal legion lend
    length lens less lesson let letter level lever light like limit line link linking list
    listen litter live load loading loan local lock log logic long look loop loose lose loss
    lost loud love low lower lunch machine magic mail main major make maker manage manager map
    march margin mark marker market mask mass master match mate matter maximum mean measure
    meat media meet member memory mental mention menu merge merger merit message messenger
    metal metric middle might migration mild mile mind mine minimum minister minor minus minute
    miss mission mistake mitigation mix mixture model modern modify moment money monitor
    monster month moral morale more most mother motion mount mouse mouth move much muster
    mutation name narrow nation national near neat need net network next nice night noise
    normal notation note notice notion now number object observe obtain odd offer offline often
    older online open operate operation optimal option optional order organ orientation other
    outer output over own owner pace pack packing page paint painter pair panel paper parallel
    parameter parent park parsing part partition pass passage passing past patch path patient
    pattern pause pausing pay peak peer people perception perform perimeter period permission
    permit person personal personnel petition phase phone phrase pick picture piece pipe place
    plain plan plane planer planner plant plate play please pleasure plus point pointer poll
    pool poor port portion pose position possible post posting potion pound power practice pray
    precede precision prediction prefer premise prepare present press pressure pretend pretty
    prevent price pride prime principal principle print printer prior private prize probe
    problem proceed process produce product production profit program progress projection
    promise prompt proof proper protect protection protocol prototype prove proven provide
    public pull pulse pure push quality quantile quartile query question queue quick quiet quit
    quite quote race rack raise rand range rank ranking rapid rare rate rather ratio ration
    rational raw reach react read reader reading ready real really reason recall receive recent
    reception record recover reduce reduction refer refine reflect refuse region regress
    regression reject rejection relate relation release relevant reliable religion rely remain
    remark remote remove render rendition rent repair repeat repetition replace replay
    replication reply report repression request require rescue reset resist resolution resolve
    resource respond rest restore result resume retain retention retire retreat retrieve retry
    return reveal reverse review revise revolution reward rich ride right ring rise risk road
    rock role roll room root rotate rotation rough round rounding route routing row rule run
    rush safe said sale same sample sand save scalar scale scaler scammer scan scanner scene
    scheme scope score screen script search seat second secret section secure seed seek seem
    segment select selection self sell send sender sense sensible sensitive sentence separate
    serve server service session set settle several severe shape shard sharding share sharing
    sharp sheet shelf shell shift ship shock shop short shot should show shut shutter sick side
    sight sign signal silent silver similar simple simulation since single sink site size skill
    skip sleep slice slide slip slot slow small smart smooth snap social soft solid solve
    solver some son song sort sound source space spare spark speak speaker special speech speed
    spell spend spike spin split splitter spoke spot spread stable stack staff stage stainer
    stake stale stall stand star start state static station stationary status stay steady steal
    steam steel steep step stick still stimulation stock stop store storm story straight strain
    straining strange stream street stress strict strike string strip strong structure student
    study stuff style subject submit success such suggest suit sum super support suppose sure
    surface switch symbol system table tail take taken tale talk tall target task taste tasting
    tax teach team tell tend term test testing text texture thank theme theory thick thin thing
    think thinking thought thread threat three threshold through throw thus tick tie tier tiger
    tight tile till timber time timer tiny tired title today token told tone took tool top
    topic total touch tough trace track tracking traction trade trading trail train training
    trait transaction transfer transition translate transmission transport trap treat tree
    trend trial trick trigger trip trouble trucking true trust truth try tube tune turn type
    under union unique unit unload update upload use user usual vague valid validation value
    variation vary vast vector vendor verify version very view violation virtual vision visit
    voice volume vote wait wake walk walker wall want war warm warn waste watch water wave weak
    wealth wear week weight well went west wheel where while white whole wide wild will win
    wind window wire wise wish within woman wonder word work worker world worry worse worst
    worth would wrap write wrong wrote year yield young zone"""
)
