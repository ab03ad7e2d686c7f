// The texts that come with the program, in plain words. An administrator puts the site's own in their place.
#include "identity/documents/service.h"

namespace braid::documents {

namespace {

Version privacy() {
    Version version;
    version.en.brief = R"(- We keep as little about you as we can.
- Nobody pays us for what we know about you, and there are no advertisements.
- You decide who sees your profile and your works.
- You can take everything with you, and you can have everything erased.)";
    version.en.text = R"(This page says what this site keeps about you, why, and what you can do about it.

## What we keep

- **Your account:** the name and the handle you chose, a scrambled form of your password that nobody can read back, and the month you were born. We need the month to know what is right for your age. We do not keep the day.
- **Your e-mail address,** if you gave one. We use it to help you back in and to tell you what you asked to be told.
- **What you make here:** works, comments, bookmarks, and how far you have read.
- **What keeps the site safe:** reports, what moderators decided, and a short list of where you are signed in.

We do not ask for your real name, your address or your photograph. We do not follow you to other sites.

## Who sees it

If you are under 18, people without an account cannot see your profile or your works until you choose so. What you write in public can be read by the people you show it to. Staff look at private things only when somebody reports a danger, and every look is written down.

We give nothing to advertisers, and we sell nothing.

## If you are younger

Below the age of consent a parent or guardian says yes first, or your school does, for lessons only. They can see what kind of things are kept, correct them, and have them erased.

## How long

Everything has an end. [What is kept, and for how long](/privacy/retention) lists it.

## What you can do

- See and change what we keep: [your settings](/settings).
- [Take it with you, or have it erased](/settings/data).
- Ask somebody: [help](/help/now) says whom.)";
    version.es.brief = R"(- Guardamos de ti lo menos posible.
- Nadie nos paga por lo que sabemos de ti y no hay publicidad.
- Tú decides quién ve tu perfil y tus obras.
- Puedes llevártelo todo y puedes hacer que se borre todo.)";
    version.es.text = R"(Esta página dice qué guarda este sitio sobre ti, para qué, y qué puedes hacer.

## Qué guardamos

- **Tu cuenta:** el nombre y el alias que elegiste, una forma cifrada de tu contraseña que nadie puede leer, y el mes en que naciste. El mes nos hace falta para saber qué es adecuado a tu edad. El día no lo guardamos.
- **Tu dirección de correo,** si la diste. La usamos para ayudarte a volver a entrar y para avisarte de lo que pediste.
- **Lo que haces aquí:** obras, comentarios, marcadores y hasta dónde has leído.
- **Lo que mantiene seguro el sitio:** avisos, lo que decidió el equipo de moderación y una lista corta de dónde has entrado.

No pedimos tu nombre real, tu domicilio ni tu foto. No te seguimos por otros sitios.

## Quién lo ve

Si tienes menos de 18 años, quien no tiene cuenta no puede ver tu perfil ni tus obras hasta que tú lo elijas. Lo que escribes en público lo leen las personas a quienes se lo muestras. El equipo mira cosas privadas solo cuando alguien avisa de un peligro, y cada mirada queda anotada.

No damos nada a anunciantes ni vendemos nada.

## Si eres más pequeño o pequeña

Por debajo de la edad de consentimiento, primero dice que sí tu madre, tu padre o quien te cuida; o tu escuela, solo para las clases. Pueden ver qué tipo de cosas se guardan, corregirlas y hacer que se borren.

## Cuánto tiempo

Todo tiene un final. La lista está en [qué se guarda y cuánto tiempo](/privacy/retention).

## Qué puedes hacer

- Ver y cambiar lo que guardamos: [tus ajustes](/settings).
- [Llevártelo o hacer que se borre](/settings/data).
- Preguntar: en [ayuda](/help/now) pone a quién.)";
    return version;
}

Version guidelines() {
    Version version;
    version.en.brief = R"(- Be kind. There is a person behind every name.
- Share what is yours, and say who helped.
- Keep private things private: yours and everybody else's.
- Something feels wrong? Tell us. You will not be in trouble for asking.)";
    version.en.text =
        R"(People of many ages make things here together. These are the ways that make it good for all.

## Be kind

Talk about the work, not about the person. Say what you liked before you say what could be better. Nobody is laughed at for who they are, where they come from, what they believe, how they look or how they learn.

## Be honest

Share what you made. When something of somebody else's is in it, ask first where you must, and say whose it is. Do not pretend to be another person.

## Keep safe

Do not post your address, your telephone number, your school or where you will be, and nobody else's. If somebody asks you for them, for pictures of you, or to keep a secret from the adults you trust, tell us at once.

Grown-ups and young people never talk alone here. There is always another responsible adult in the conversation.

## Mark what is not for everybody

Give your work the right rating and warnings, so that people can choose.

## When something goes wrong

Use *Report* beside it, or [get help now](/help/now). A person reads every report. Moderators say why they decide, and you can ask for another look.)";
    version.es.brief = R"(- Trata bien a los demás. Detrás de cada nombre hay una persona.
- Comparte lo que es tuyo y di quién te ayudó.
- Lo privado se queda en privado: lo tuyo y lo de los demás.
- ¿Algo no te parece bien? Dínoslo. Preguntar nunca te traerá problemas.)";
    version.es.text =
        R"(Aquí hacen cosas juntas personas de muchas edades. Así es como resulta bueno para todas.

## Trata bien a los demás

Habla de la obra, no de la persona. Di qué te gustó antes de decir qué puede mejorar. Nadie se ríe de nadie por quién es, de dónde viene, lo que cree, su aspecto o su forma de aprender.

## Sé honesto, sé honesta

Comparte lo que hiciste tú. Si hay algo de otra persona, pide permiso cuando haga falta y di de quién es. No te hagas pasar por nadie.

## Cuídate

No publiques tu dirección, tu teléfono, tu escuela ni dónde vas a estar, y tampoco los de otra persona. Si alguien te los pide, te pide fotos tuyas o que guardes un secreto ante los adultos en quienes confías, dínoslo enseguida.

Las personas adultas y las jóvenes nunca hablan aquí a solas. Siempre hay otra persona adulta responsable en la conversación.

## Señala lo que no es para todo el mundo

Pon a tu obra la clasificación y los avisos que le tocan, para que cada cual pueda elegir.

## Cuando algo va mal

Usa *Avisar* al lado, o [pide ayuda ahora](/help/now). Cada aviso lo lee una persona. El equipo de moderación dice por qué decide algo, y puedes pedir que lo mire otra persona.)";
    return version;
}

Version terms() {
    Version version;
    version.en.brief = R"(- What you make stays yours. We only show it to the people you choose.
- Follow the guidelines, and look after your password.
- You can leave whenever you like and take your things with you.)";
    version.en.text = R"(These are the promises between you and this site.

## What is yours stays yours

You keep the rights to everything you make. You let us store it and show it to the people you choose, as long as you leave it here. The licence you give a work says what others may do with it.

## Your account

It is for you alone. Keep your password to yourself. Tell us the truth when we ask for your age: it decides what is right for you. Below the age of consent somebody who looks after you has to say yes first.

## What we ask

Follow the [community guidelines](/guidelines). When somebody does not, moderators may hide what was posted, ask for a pause, or close an account. They say why, and you can ask somebody else to look again.

## What we promise

We look after the site and your data as the [privacy page](/privacy) says. We cannot promise that nothing ever breaks, so keep a copy of what you love: [take it with you](/settings/data).

## When these words change

We say what is new. When it matters, we ask you again before you go on.

## Leaving

You can end your account [in your settings](/settings/data) at any time.)";
    version.es.brief = R"(- Lo que haces sigue siendo tuyo. Solo lo mostramos a quienes tú eliges.
- Sigue las normas y cuida tu contraseña.
- Puedes irte cuando quieras y llevarte tus cosas.)";
    version.es.text = R"(Estas son las promesas entre tú y este sitio.

## Lo tuyo sigue siendo tuyo

Conservas los derechos de todo lo que haces. Nos dejas guardarlo y mostrarlo a las personas que tú eliges, mientras lo tengas aquí. La licencia que pones a una obra dice qué pueden hacer con ella los demás.

## Tu cuenta

Es solo para ti. No digas tu contraseña a nadie. Di la verdad cuando preguntamos tu edad: decide qué es adecuado para ti. Por debajo de la edad de consentimiento, primero tiene que decir que sí quien te cuida.

## Qué pedimos

Sigue las [normas de la comunidad](/guidelines). Cuando alguien no lo hace, el equipo de moderación puede ocultar lo publicado, pedir una pausa o cerrar una cuenta. Dice por qué, y puedes pedir que lo mire otra persona.

## Qué prometemos

Cuidamos el sitio y tus datos como dice la [página de privacidad](/privacy). No podemos prometer que nunca se rompa nada, así que guarda una copia de lo que te importa: [llévatelo](/settings/data).

## Cuando cambian estas palabras

Decimos qué es nuevo. Cuando importa, te preguntamos otra vez antes de seguir.

## Irse

Puedes cerrar tu cuenta [en tus ajustes](/settings/data) cuando quieras.)";
    return version;
}

}  // namespace

Version built_in(Kind kind) {
    switch (kind) {
        case Kind::privacy:
            return privacy();
        case Kind::guidelines:
            return guidelines();
        case Kind::terms:
            break;
    }
    return terms();
}

}  // namespace braid::documents
