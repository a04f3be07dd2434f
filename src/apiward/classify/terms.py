"""Field names and what they promise, as data. Terms are joined words in lower case, without accents."""

from typing import Final

from apiward.classify.kinds import Kind

_BY_KIND: Final = {
    Kind.EMAIL: "email mail emailaddress mailaddress correo correoelectronico courriel epost emailid mailid",
    Kind.PHONE: """phone telephone mobile cell cellphone phonenumber phoneno mobilenumber mobileno msisdn tel fax
        telefono telefon telefonnummer telefoon handy handynummer celular movil cellulare whatsapp portable""",
    Kind.NAME: """firstname lastname fullname surname familyname givenname middlename maidenname realname
        legalname birthname cardholder cardholdername patientname customername clientname contactname fname lname
        vorname nachname prenom nomfamille apellido nombrecompleto cognome nomecompleto achternaam voornaam
        fathername mothername mothersmaidenname holdername accountholder beneficiaryname recipientname""",
    Kind.ADDRESS: """address address1 address2 addressline addressline1 addressline2 street streetname
        streetaddress housenumber postcode postalcode zip zipcode pincode adresse anschrift strasse hausnummer
        plz postleitzahl direccion codigopostal domicilio indirizzo cap4 endereco cep adres straat huisnummer
        rue codepostal homeaddress postaladdress""",
    Kind.BIRTH_DATE: """dob birthdate dateofbirth birthday birthdt dateofbirthday geburtsdatum geburtstag
        fechanacimiento fechadenacimiento datenaissance datedenaissance datanascita datadinascita datanascimento
        datadenascimento geboortedatum birthyear""",
    Kind.CARD_NUMBER: """cardnumber cardno ccnumber ccnum creditcard debitcard creditcardnumber cardpan pan
        primaryaccountnumber cvv cvv2 cvc cvc2 cardcode cardsecuritycode cardverification kartennummer
        numerotarjeta numerocarte numerocarta paymentcard""",
    Kind.IBAN: "iban bankaccount accountiban ibannumber kontonummer",
    Kind.PAN: "pan pannumber panno pancard taxpan",
    Kind.AADHAAR: "aadhaar aadhar aadhaarnumber aadhaarno aadharnumber aadharno adhaar uidai",
    Kind.UPI: "upi upiid vpa upihandle upiaddress upivpa",
    Kind.SSN: """ssn socialsecurity socialsecuritynumber socialsecurityno nationalid nationalidnumber
        nationalinsurance nationalinsurancenumber nino passport passportnumber passportno cpf dni nif
        codicefiscale steuerid steuernummer personnummer bsn burgerservicenummer pesel curp sozialversicherungsnummer
        drivinglicence drivinglicense driverslicense driverlicense taxpayerid""",
    Kind.HEALTH: """diagnosis diagnose diagnoses medication medicine allergy allergie bloodtype bloodgroup
        bloodpressure bloodsugar symptom prescription treatment disease illness medicalhistory medicalrecord
        medicalcondition medicalnote healthcondition healthnote healthstatus healthrecord hivstatus pregnancy
        pregnant disability mentalhealth chroniccondition labresult testresult immunization vaccination surgery
        diagnostico alergia medicamento diagnostik krankheit medikament blutgruppe maladie traitement injury
        clinicalnote therapynote healthissue healthinfo icd10""",
    Kind.PASSWORD: """password passwd pwd passcode passphrase userpassword userpass pass plainpassword contrasena
        contrasenia passwort kennwort motdepasse mdp senha wachtwoord parola haslo""",
    Kind.PASSWORD_HASH: """passwordhash passhash pwdhash pwhash passwdhash hashedpassword passworddigest
        encryptedpassword passwordencrypted hashpassword passwordcrypt passwordsalt""",
    Kind.TOKEN: """token accesstoken refreshtoken idtoken authtoken bearertoken sessiontoken resettoken
        passwordresettoken jwt bearer session sessionid sessionkey phpsessid jsessionid sessid authorization
        authkey remembertoken verificationtoken confirmationtoken invitetoken apitoken activationtoken
        magiclink ticketgranting""",
    Kind.API_KEY: """apikey accesskey secretkey secretaccesskey appkey servicekey authenticationkey accesskeyid
        subscriptionkey masterkey webhookkey licensekey clientkey""",
    Kind.PRIVATE_KEY: """privatekey rsaprivatekey sshkey sshprivatekey signingkey encryptionkey privkey pem
        keymaterial tlskey""",
    Kind.SECRET: """secret clientsecret appsecret apisecret webhooksecret mfasecret totpsecret otp otpcode totp
        otpsecret otpseed mfaseed totpseed mfacode twofactorsecret recoverycode backupcode resetcode
        passwordresetcode verificationcode confirmationcode activationcode onetimecode onetimepassword
        securityanswer secretanswer signingsecret sharedsecret pin pinnumber accesscode logincode
        invitecode seedphrase mnemonic credential connectionstring""",
    Kind.IP_ADDRESS: "ip ipaddress ipaddr clientip remoteip lastip loginip remoteaddr sourceip userip ipv4 ipv6",
    Kind.GEO: "lat latitude lng lon long longitude geo geolocation coordinates latlng gps gpslocation",
    Kind.IDENTIFIER: "id uuid guid uid userid username login handle slug",
}
TERMS: Final = {term: kind for kind, terms in _BY_KIND.items() for term in terms.split()} | {
    "pan": Kind.PAN,
}
"""What a joined run of words says. `pan` is read as both the Indian tax number and a card's (see names)."""

LONGEST_TERM_WORDS: Final = 4

BENIGN_TAILS: Final = frozenset(
    """type policy policies count length len required enabled disabled expires expiry expiration expire exp expired
    url uri link hint strength changed updated verified valid validated visible status state format label
    placeholder error errors message rule rules regex pattern min max limit minimum maximum attempt attempts
    brand last4 last digits used left remaining supported allowed ttl lifetime age at on method
    scheme policyid version field title text reset forgot name prefix usage issuer audience algorithm alg
    endpoint path preference preferences consent index category network scope scopes country is has show in""".split()
)
"""Last words that make a name tell *about* the thing: `token_type`, `password_policy`, `card_brand`."""

BENIGN_STARTS: Final = {
    Kind.ADDRESS: frozenset(
        """ip email mail mac web url wallet contract eth btc bitcoin ethereum crypto server host network memory
        remote local bind listen http base physical hardware bluetooth return upi v4 v6""".split()
    ),
    Kind.TOKEN: frozenset(
        """next page pagination continuation sync csrf xsrf cursor prompt completion total max min num output input
        previous prev forgery antiforgery requestverification skip nft stop eos bos pad unknown search""".split()
    ),
    Kind.API_KEY: frozenset({"public", "publishable"}),
    Kind.SECRET: frozenset({"is", "has", "no", "drop", "push", "map"}),
    Kind.PASSWORD: frozenset({"is", "has", "no", "forgot", "reset", "boarding", "bypass", "day", "season", "ski"}),
    Kind.PHONE: frozenset({"is", "has"}),
    Kind.NAME: frozenset(),
    Kind.GEO: frozenset({"how", "too", "as"}),
    Kind.HEALTH: frozenset({"is", "water", "wood", "surface"}),
}
"""Words right before a term that make it something else: `ip_address`, `next_page_token`, `csrf_token`."""

HEALTH_WORDS: Final = frozenset(
    """diagnosed diagnosis medication medications insulin diabetes diabetic asthma allergy allergies allergic
    hypertension depression anxiety cancer tumor tumour chemotherapy hiv pregnant pregnancy epilepsy surgery
    prescribed prescription symptoms therapy therapist psychiatric migraine arthritis antibiotics antidepressants
    blood-pressure cholesterol penicillin ibuprofen metformin injury injured chronic disorder disease seizure
    bipolar adhd autism dementia stroke cardiac fracture vaccination hepatitis anorexia bulimia obesity
    patient dosage mg relapse rehab addiction diagnostiziert allergie asthme diabete embarazada schwanger""".split()
)
FREE_TEXT_NAMES: Final = frozenset(
    """note notes comment comments description remark remarks history summary message text body details detail
    content goal goals background condition conditions reason bemerkung notizen notas remarques notiz""".split()
)
