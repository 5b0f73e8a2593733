/// The word lists of `Mood` and `MailReading`. A line is a weight and phrases; see `PhraseLexicon`.
enum Lexicons {
    static let positive = PhraseLexicon(
        """
        0.8 love,loved,lovely,excellent,amazing,wonderful,fantastic,awesome,perfect,beautiful,delighted,superb,brilliant,best,great,zabardast,kamaal,shandar,shaandaar,शानदार,लाजवाब,बेहतरीन,उत्कृष्ट,सुंदर,पसंद आया,पसंद आई,pasand aaya,pasand aayi
        0.5 good,nice,happy,pleased,satisfied,glad,well made,helpful,quick response,like it,liked,impressed,accha,acha,achha,achcha,badhiya,badiya,mast,khush,अच्छा,अच्छी,अच्छे,बढ़िया,खुश,संतुष्ट
        0.3 fine,okay,works,worked,solved,resolved,sorted,fixed,theek,thik,sahi,ठीक,सही
        """)

    static let negative = PhraseLexicon(
        """
        0.9 worst,terrible,horrible,awful,pathetic,disgusting,useless,unacceptable,rubbish,garbage,hopeless,disgrace,nightmare,appalling,ghatiya,ghatia,bakwas,bakwaas,bekar,bekaar,wahiyat,घटिया,बकवास,बेकार,वाहियात,निकम्मा
        0.6 bad,poor,disappointed,disappointing,disappointment,unhappy,upset,annoyed,annoying,frustrated,frustrating,dissatisfied,unsatisfied,let down,not happy,not satisfied,fed up,broken,cracked,chipped,shattered,damaged,defective,torn,stained,leaking,kharab,kharaab,nirash,naraz,pareshan,pareshaan,dukhi,toota,tuta,tooti,tuti,phata,fata,खराब,निराश,नाराज,परेशान,दुखी,टूटा,टूटी,टूटे,फटा,फटी,बुरा
        0.4 wrong,missing,late,delayed,delay,failed,problem,issue,error,stuck,never arrived,not received,not arrived,still waiting,no reply,no response,no answer,unfortunately,complaint,galat,dikkat,samasya,shikayat,der,गलत,दिक्कत,समस्या,शिकायत,देर,देरी,इंतजार
        """)

    static let anger = PhraseLexicon(
        """
        1.0 angry,furious,livid,outraged,outrageous,disgusted,disgusting,cheats,cheat,cheated,cheating,fraud,fraudsters,scam,scammers,scammed,thieves,thief,robbed,looted,liars,liar,lying to me,fooling,making a fool,bastards,idiots,idiot,stupid,bullshit,fuck,fucking,shit,damn,bloody,wtf,pathetic,ridiculous,shameful,shameless,shame on you,how dare you,sick of,sick and tired,fed up,had enough,never buy … again,never order … again,never shop … again,worst,unacceptable,joke of a,what nonsense,nonsense
        1.0 gussa,ghussa,dhokha,dhoka,dhokebaaz,chor,chori,loot,lut,luta,thag,bewakoof,bevkoof,bewkuf,pagal,besharam,sharam karo,sharam nahi,sharm karo,bakwas,bakwaas,ghatiya,ghatia,tang aa,pak gaya,had hai,hadd hai,jhooth,jhuth,jhoothe,kutte,kamine,saale
        1.0 गुस्सा,धोखा,धोखाधड़ी,धोखेबाज,चोर,चोरी,लूट,ठग,ठगी,बेवकूफ,पागल,बेशर्म,शर्म करो,शर्म आनी,बकवास,घटिया,तंग आ,हद है,झूठ,झूठे,कमीने,फ्रॉड
        0.5 third time,fourth time,fifth time,again and again,how many times,nobody cares,no one cares,nobody replies,no one replies,nobody answers,still no,ignored,ignoring,wasting my time,waste of time,waste of money,baar baar,bar bar,kitni baar,koi jawab nahi,बार बार,कितनी बार,कोई जवाब नहीं
        """)

    static let urgency = PhraseLexicon(
        """
        1.0 urgent,urgently,asap,emergency,immediately,immediate,right away,right now,at once,without delay,as soon as possible,at the earliest,earliest possible,turant,turat,tatkal,fauran,jaldi se jaldi,abhi ke abhi,तुरंत,तत्काल,फौरन,जल्दी से जल्दी,जल्द से जल्द,अर्जेंट,शीघ्र
        0.5 quickly,hurry,soon,tonight,by tomorrow,by today,today itself,before tomorrow,deadline,time sensitive,last chance,final notice,final warning,wedding,birthday,anniversary,leaving town,travelling,jaldi,jald,aaj hi,kal tak,shaadi,shadi,birthday hai,जल्दी,जल्द,आज ही,कल तक,शादी,जन्मदिन
        0.4 second time,third time,again and again,reminder,still waiting,waiting since,days ago,weeks ago,no reply,no response,baar baar,kitni baar,बार बार,दूसरी बार,तीसरी बार
        0.9 unsafe,injured,injury,burnt my,burned my,cut my,bleeding,caught fire,exploded,electric shock,hospital,chot,jal gaya haath,aag lag,चोट,आग लग,अस्पताल
        """)

    static let legal = PhraseLexicon(
        """
        0.9 lawyer,lawyers,attorney,advocate,solicitor,legal action,legal notice,legal proceedings,legal steps,sue you,sue your,suing,lawsuit,small claims,consumer court,consumer forum,consumer complaint forum,consumer commission,consumer protection,consumer helpline,trading standards,ombudsman,chargeback,charge back,dispute the charge,dispute the payment,dispute this charge,dispute this with my bank,police,fir,cyber crime,cybercrime,go to court,take you to court,see you in court,in court,jago grahak
        0.9 vakil,vakeel,wakil,wakeel,kanooni,kanuni,kanooni karwai,kanuni karyawahi,upbhokta,upbhokta forum,upbhokta adalat,adalat,court jaunga,court jaungi,court me,court mein,consumer court me,police me,police mein,police complaint,thane me,case karunga,case karungi,case kar dunga,legal notice
        0.9 वकील,कानूनी,कानूनी कार्रवाई,उपभोक्ता फोरम,उपभोक्ता अदालत,उपभोक्ता न्यायालय,उपभोक्ता आयोग,उपभोक्ता मंच,अदालत,न्यायालय,कोर्ट,पुलिस,थाने,एफआईआर,लीगल नोटिस,मुकदमा,केस करूंगा,केस करूंगी,केस कर दूंगा,चार्जबैक
        """)

    /// Said of a parcel that did not come, whatever the carrier says.
    static let notReceived = PhraseLexicon(
        """
        1 not received,never received,didnt receive,did not receive,not yet received,havent received,have not received,hasnt been received,not arrived,never arrived,hasnt arrived,has not arrived,didnt arrive,did not arrive,never came,nothing came,nothing arrived,didnt get,did not get,never got,havent got,have not got,not delivered,never delivered,wasnt delivered,was not delivered,missing parcel,missing package,lost parcel,lost package,nowhere to be found,no sign of
        1 nahi mila,nahi mili,nahin mila,nahin mili,nhi mila,nhi mili,nahi aaya,nahi aayi,nahin aaya,nhi aaya,nahi pahuncha,nahi pahunchi,nhi pahuncha
        1 नहीं मिला,नहीं मिली,नहीं मिले,नहीं आया,नहीं आई,नहीं पहुंचा,नहीं पहुंची,नहीं पहुँचा,नहीं पहुँची
        """)

    /// Said of goods that came broken or were other ones.
    static let damaged = PhraseLexicon(
        """
        1 broken,cracked,chipped,shattered,damaged,defective,smashed,in pieces,torn,wrong item,wrong product,wrong colour,wrong color,wrong size,different item,different product,piece missing,pieces missing,item missing,items missing
        1 toota,tuta,tooti,tuti,toote,tute,phata,phati,kharab nikla,kharab nikli,galat saman,galat samaan,galat item,galat product
        1 टूटा,टूटी,टूटे,टूट गया,टूट गई,फटा,फटी,खराब निकला,खराब निकली,गलत सामान,गलत आइटम
        """)

    static let person = PhraseLexicon(
        """
        1 talk … human,talk … person,talk … agent,talk … representative,talk … operator,talk … executive,talk … someone,talk … somebody,talk … manager,talk … supervisor,talk … real,talk … assistant,talk … staff,talk … people,talk … advisor
        1 speak … human,speak … person,speak … agent,speak … representative,speak … operator,speak … executive,speak … someone,speak … somebody,speak … manager,speak … supervisor,speak … real,speak … assistant,speak … staff,speak … advisor,speaking … human,speaking … person,speaking … agent,talking … human,talking … person,talking … agent
        1 chat … human,chat … person,chat … agent,chat … representative,chat … operator,chat … someone,chat … executive,chat … assistant,connect me … human,connect me … person,connect me … agent,connect me … someone,connect me … executive,connect me … representative,connect me … manager,transfer me,put me through,forward … to a human,escalate … manager,escalate … human,escalate … supervisor,escalate … senior
        1 real person,real human,human being,actual person,actual human,live agent,live person,human agent,human please,human support,human reply,living person,person not a bot,not a bot,not a robot,no bot,no bots,no robot,no robots,not from a bot,not an automated,not automated,no automated,stop … automated,stop … bot,want a human,need a human,want a person,need a person,want an agent,need an agent,get me a human,get me a person,get me … manager,contact a human,reach a human,reach a person,reach an agent,contact an agent,contact a person,contact … human
        1 call me back,please call me,someone call me,call me on,give me a call,ring me,phone me,callback,someone contact me,someone to contact me,have someone call,somebody call me,want a call,need a call
        1 insaan se,insan se,kisi insaan,kisi insan,aadmi se baat,admi se baat,vyakti se,kisi vyakti,kisi se baat,agent se,executive se,manager se,representative se,operator se,customer care se baat,kisi bande se,bande se baat,asli insaan,asli insan,supervisor se,senior se baat,human se,person se baat,team se baat,robot se nahi,bot se nahi,machine se nahi,mujhe call kar,mujhe call karo,mujhe call kare,mujhe call karein,mujhe call kijiye,mujhe phone kar,mujhe phone karo,call karwa,call back kar,call kar lo,call kijiye,phone kijiye,call karo mujhe,baat karwao,baat karwa,baat karao,baat kara do,baat karni hai kisi
        1 इंसान से,किसी इंसान,व्यक्ति से,किसी व्यक्ति,आदमी से बात,किसी से बात,एजेंट से,अधिकारी से,प्रतिनिधि से,मैनेजर से,मैनेजर … बात,ऑपरेटर से,कर्मचारी से,ग्राहक सेवा अधिकारी,सुपरवाइजर से,असली इंसान,मशीन से नहीं,रोबोट से नहीं,रोबोट नहीं,बॉट से नहीं,बात करवा,बात करवाइए,बात कराइए,बात करवाएं,मुझे कॉल कर,मुझे कॉल करें,मुझे कॉल कीजिए,मुझे फोन कर,मुझे फोन करें,मुझे फोन कीजिए,कॉल बैक,फोन करवा
        """)

    static let thanks = PhraseLexicon(
        """
        0.5 thank you,thanks,thankyou,thank u,thnx,thx,many thanks,much appreciated,grateful,appreciate it,appreciate your,cheers,shukriya,shukria,dhanyavad,dhanyawad,dhanyavaad,धन्यवाद,शुक्रिया,आभार,थैंक यू,थैंक्स,थैंक्यू
        """)

    /// Said when a matter is at its end.
    static let settled = PhraseLexicon(
        """
        1 solved,resolved,sorted,all good,all fine,got it,it works,works now,working now,worked,arrived today,has arrived,arrived safely,received it,received the,received my,no longer needed,never mind,problem is gone,everything is fine,issue is closed,you can close,close this ticket,close the ticket,that helps,that helped,very helpful,understood,noted,ho gaya,hogaya,mil gaya,mil gayi,mil gya,aa gaya,theek ho gaya,solve ho gaya,samajh gaya,samajh gayi,हो गया,मिल गया,मिल गई,आ गया,ठीक हो गया,समझ गया,समझ गई,हल हो गया
        """)

    static let negators = WordSet(
        "not no never dont didnt doesnt isnt wasnt arent cant couldnt wont wouldnt havent hasnt without neither nor hardly nahi nahin nhi nai na mat bina नहीं न मत ना बिना नही"
    )
    static let hindiNegators = WordSet("nahi nahin nhi nai नहीं नही")
    static let intensifiers = WordSet(
        "very really so extremely totally absolutely completely too highly utterly bahut bohot bohut itna itni kaafi ekdum bilkul बहुत इतना इतनी काफी एकदम बिल्कुल बेहद"
    )
    /// "Do not *want* to talk to…", "no *need* to call me".
    static let needless = WordSet("want need have wish require")
    /// A courier's agent is not ours.
    static let courier = WordSet("delivery courier shipping bank")

    /// Greetings, names' company, closings: a sentence of these asks nothing.
    static let pleasantries = WordSet(
        """
        hi hello hey dear sir madam maam team all everyone greetings good morning afternoon evening day hope you your are is this finds find doing well fine ok okay
        regards best kind warm sincerely yours faithfully truly cheers thanks thank u very much so lot many again advance in for help support time reply response quick sent from my iphone android phone mail
        namaste namaskar ji bhai bhaiya sahab pranam aapka aapki dhanyavad dhanyawad shukriya bahut
        नमस्ते नमस्कार जी महोदय महोदया सर मैडम प्रणाम धन्यवाद शुक्रिया बहुत आपका आपकी भवदीय भवदीया सादर प्रिय टीम
        """)

    /// Greetings and thanks that open or close a sentence which goes on: "Thanks, but where is …", "Hi team, please …".
    static let openers = WordSet(
        """
        hi hello hey dear sir madam maam team thanks thank thankyou regards namaste namaskar dhanyavad dhanyawad shukriya bhai bhaiya
        नमस्ते नमस्कार महोदय महोदया धन्यवाद शुक्रिया सर मैडम
        """)

    /// Words that make a sentence a request wherever they stand.
    static let requestAnywhere = WordSet(
        """
        please pls plz plss kindly want wanna need needed would id wants looking interested hoping possible help assist assistance how where when why wish request requesting require wondering tell let send give question query whether
        kya kab kahan kaha kaise kese kyun kyu kyon kitna kitne kitni kaun kaunsa konsa chahiye chahie chaiye chahta chahti batao bataiye bataye batayein bata batana karo kardo karein kijiye dijiye do dedo madad kripya kripaya bhejo bhej sakta sakti sakte
        क्या कब कहाँ कहां कैसे क्यों कितना कितने कितनी कौन कौनसा चाहिए चाहता चाहती बताएं बताएँ बताइए बताओ बता करें करो कीजिए दीजिए मदद कृपया भेजें भेजिए भेजो सकता सकती सकते
        """)

    /// The part of them with which people also tell what they need, without asking for it.
    static let wishes = WordSet(
        "want wanna need needed would id wants looking interested hoping wish chahiye chahie chaiye chahta chahti चाहिए चाहता चाहती"
    )

    static let hindiQuestions = WordSet(
        "kya kab kahan kaha kaise kese kyun kyu kitna kitne kitni kaun kaunsa konsa क्या कब कहाँ कहां कैसे क्यों कितना कितने कितनी कौन कौनसा")

    static let when = Words.hash("when")
    static let subjects = WordSet("i we she he they you the my our")

    /// Words that make a question or an order of a clause that they begin.
    static let requestAtStart = WordSet(
        """
        can could will would may do does did is are was has have am what which who whose should shall any cancel change track refund return show check update delete remove add
        stop close open reset resend subscribe unsubscribe explain confirm replace exchange deliver ship
        """)

    /// Words without a matter of their own; a request of only these ("can you help me with this?") is no separate question.
    static let vague = WordSet(
        """
        can could will would may you i me my we us our it this that these those the a an to of for on in at by with about and or so if is are be do does did have has had
        please pls plz kindly help assist assistance advise advice let know tell reply respond answer response soon earliest possible possibly asap urgently urgent immediately today now back up look looking into check matter issue problem same regarding
        need want like would thanks thank any update updates further anything else something what how when where why there here question questions doubt query information info details detail details details happen happened going forward wait waiting hear hearing from
        resolve solve fix sort action take necessary needful understand explain appreciate appreciated confirm request
        mujhe mera meri mere aap ko se ka ki ke hai hain ye yeh isko iska is kya kaise kab kar karo karna karein kijiye dijiye do batao bataiye bata madad help kripya jaldi please sakte sakta hoon hu hun ho iske baare mein me jawab reply
        मुझे मेरा मेरी मेरे आप को से का की के है हैं यह ये इसका इस क्या कैसे कब कर करो करना करें कीजिए दीजिए दें दो बताएं बताइए बताओ मदद कृपया जल्दी सकते सकता हूँ हूं हो इसके बारे में जवाब
        """)

    /// Words that point to what was said before.
    static let pronouns = WordSet(
        "it its them they that those this these one ones same wo woh ye yeh usko uske uska uski isko iske iska iski unko वह वे यह ये उसे उसका उसकी उसके इसे इसका इसकी इसके उन्हें"
    )
    /// Speaks of an order that was placed, not of deliveries in general.
    static let ownOrder = PhraseLexicon(
        """
        1 my order,my parcel,my package,my shipment,my delivery,my purchase,our order,our parcel,i ordered,we ordered,have ordered,this order,the order i placed,placed an order,mera order,mera parcel,mera saman,mera package,mere order,mere parcel,humara order,hamara order,order kiya tha,मेरा ऑर्डर,मेरा पार्सल,मेरा सामान,मेरे ऑर्डर,मेरे पार्सल,हमारा ऑर्डर,ऑर्डर किया था,मंगवाया था,मंगवाई थी,मँगवाया था,मँगवाई थी
        """)
    /// Speaks of an order that may be placed.
    static let futureOrder = PhraseLexicon(
        """
        1 if i order,if we order,if i place,before i order,before ordering,when i order,were to order,want to order,like to order,thinking of,planning to,agar order,agar main order,order karu to,order karun to,अगर मैं,अगर आज,ऑर्डर करूं तो,ऑर्डर करूँ तो
        """)

    static let contrast = WordSet("but however although though except still lekin magar par मगर लेकिन पर परंतु")
    static let conjunctions = WordSet("and also plus aur और तथा एवं")
}
