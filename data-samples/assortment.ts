/** What the sample shop sells, as it would be written in a price list. */

/** One product group: what it is called, who makes it, and its goods with prices in USD. */
export interface Shelf {
  readonly group: string;
  readonly brands: readonly string[];
  /** `name price; name price; …`, best seller first, prices below 100. */
  readonly everyday: string;
  /** As `everyday`, prices above 150: what selective spenders come for. */
  readonly highEnd: string;
}

/**
 * Twelve shelves. Two names are there to trip careless SQL: `Salt, Pepper and Chilli Set` holds a
 * comma, and `Tee` is part of `Tee White`.
 */
export const SHELVES: readonly Shelf[] = [
  {
    group: "Apparel",
    brands: ["Northmill", "Plainline", "Ostrava"],
    everyday: `Tee 18; Tee White 19; Tee Black 19; Crew Socks 3-Pack 14.5; Zip Hoodie 54;
      Linen Shirt 48; Rib Beanie 21; Canvas Belt 24; Chino Shorts 39; Fleece Vest 52;
      Merino Scarf 36; Leather Gloves 44; Polo Navy 32; Flannel Pyjamas 46; Rain Poncho 27;
      Wool Jumper 62; Denim Cap 22; Sleeveless Top 16.5`,
    highEnd: `Down Parka 289; Waxed Field Jacket 245; Cashmere Cardigan 215; Suede Boots 198;
      Tailored Overcoat 329; Leather Weekender Jacket 312; Selvedge Denim Set 176`,
  },
  {
    group: "Audio",
    brands: ["Tonika", "Wavehall", "Lirra"],
    everyday: `Wired Earbuds 19.9; Earbud Tips 8.5; Aux Cable 9.9; Pocket Radio 34;
      Shower Speaker 29; Sleep Headband 26; Vinyl Brush 14; Record Sleeves 50-Pack 18;
      Headphone Stand 24; Bluetooth Receiver 31; Clip-On Microphone 39; Guitar Tuner 17;
      Metronome 22; Desk Speaker Pair 59; Travel Headphones 49; Foam Panels 12-Pack 38;
      Turntable Mat 16; Splitter Plug 7.5`,
    highEnd: `Noise-Cancelling Headphones 279; Belt-Drive Turntable 349; Bookshelf Speakers 265;
      Studio Monitor 198; Soundbar 239; Tube Amplifier 359; Field Recorder 219`,
  },
  {
    group: "Camping",
    brands: ["Fernweh", "Basecamp Nine", "Tarn"],
    everyday:
      `Head Torch 28; Enamel Mug 12; Titanium Spork 9.5; Dry Bag 10L 18; Tent Pegs 8-Pack 14;
      Camp Stove 46; Gas Cartridge 8.9; Fire Steel 13.5; Sleeping Pad 52; Inflatable Pillow 22;
      Water Filter 39; Folding Stool 31; Paracord 30m 11; Compass 19.5; Camp Lantern 36;
      Mosquito Net 24; Trail Towel 17; Firelighter Cubes 6.5`,
    highEnd: `Trail Tent 2P 289; Trail Tent 3P 345; Down Sleeping Bag 259; Expedition Rucksack 219;
      Portable Power Station 339; Cool Box 45L 189; Roof Hammock Shelter 205`,
  },
  {
    group: "Coffee",
    brands: ["Moka & Sons", "Altura", "Kettlewright"],
    everyday: `House Blend Beans 1kg 19.5; Paper Filters 100-Pack 6.9; Pour-Over Dripper 24;
      French Press 34; Moka Pot 31; Milk Frother 27; Espresso Cups Set of 4 29; Decaf Beans 500g 12.5;
      Ethiopia Single Origin 15.5; Cold Brew Jug 26; Hand Grinder 49; Tamper 21;
      Coffee Scoop 8; Descaler 9.5; Keep Cup 17; Storage Tin 18.5; Kitchen Scale Mini 22;
      Syrup Vanilla 8.9`,
    highEnd: `Espresso Machine 359; Burr Grinder 229; Gooseneck Kettle Pro 165; Drip Brewer 199;
      Lever Espresso Maker 319; Bean Roaster 289; Siphon Brewer Deluxe 178`,
  },
  {
    group: "Cycling",
    brands: ["Velora", "Ridgeway", "Spokely"],
    everyday:
      `Inner Tube 7.5; Tyre Levers 5.9; Chain Oil 9.5; Bottle Cage 12; Water Bottle 750ml 10.5;
      Rear Light 22; Front Light 29; Bike Bell 9; Cycling Cap 19; Handlebar Tape 17.5;
      Saddle Bag 26; Multi-Tool 31; Floor Pump 44; Cable Lock 24; Mudguard Set 38;
      Padded Gloves 28; Phone Mount 23; Puncture Kit 6.5`,
    highEnd:
      `Power Meter Pedals 349; Carbon Wheel Rear 329; GPS Bike Computer 259; Smart Trainer 355;
      Road Helmet Aero 189; Child Trailer 275; Winter Bib Tights 165`,
  },
  {
    group: "Garden",
    brands: ["Rowan & Reed", "Greenhow", "Loam"],
    everyday: `Hand Trowel 11.5; Pruning Shears 24; Seed Starter Tray 9; Wildflower Seeds 5.5;
      Garden Gloves 12.5; Watering Can 5L 28; Terracotta Pot 14; Plant Labels 50-Pack 6.9;
      Bird Feeder 22; Compost Caddy 26; Kneeling Mat 17; Garden Twine 4.9; Tulip Bulbs 25-Pack 15.5;
      Hose Nozzle 13; Rain Gauge 9.9; Solar Path Lights 39; Herb Planter 33; Weed Puller 29`,
    highEnd: `Cordless Hedge Trimmer 179; Robot Mower Starter 359; Teak Bench 299; Fire Bowl 199;
      Greenhouse Kit 329; Parasol 3m 219; Leaf Blower 169`,
  },
  {
    group: "Kitchen",
    brands: ["Hearth", "Copperline", "Basil Street"],
    everyday: `Chopping Board 26; Paring Knife 18; Wooden Spoon Set 14; Mixing Bowl Set 34;
      Salt, Pepper and Chilli Set 23; Silicone Spatula 8.5; Tea Towels 3-Pack 13; Oven Gloves 16.5;
      Measuring Cups 11; Baking Tray 19; Garlic Press 14.5; Colander 21; Spice Rack 29;
      Pie Dish 22; Rolling Pin 15; Whisk 9; Cast-Iron Skillet 48; Storage Jars Set of 6 37`,
    highEnd: `Stand Mixer 349; Chef Knife Damascus 185; Dutch Oven 5L 229; Food Processor 199;
      Copper Pan Trio 315; Sous-Vide Cooker 169; Pasta Machine Electric 239`,
  },
  {
    group: "Photography",
    brands: ["Lumen Works", "Prisma", "Halide"],
    everyday: `Lens Cloth 5.9; Film 36 Exposures 13.5; Camera Strap 32; Lens Cap Keeper 7;
      Memory Card 64GB 19; Card Wallet 14; Blower Brush 11; Mini Tripod 29; UV Filter 24;
      Remote Shutter 27; Photo Album 22; Instant Film 20-Pack 21; Reflector 35; Battery Grip Case 38;
      Cleaning Kit 16.5; Light Cube 46; Grey Card 9.5; Print Frames 4-Pack 31`,
    highEnd: `Prime Lens 35mm 329; Instant Camera Deluxe 179; Carbon Tripod 259; Flash Unit 199;
      Camera Backpack 189; Compact Drone 355; Film Scanner 285`,
  },
  {
    group: "Running",
    brands: ["Stride", "Kinetik", "Fellrunner"],
    everyday: `Running Socks 13; Race Belt 15; Reflective Armband 9.5; Hydration Flask 17;
      Energy Gels 12-Pack 22; Headband 11; Running Shorts 34; Tempo Singlet 29; Foam Roller 27;
      Arm Sleeves 19; Running Cap 21; Trail Gaiters 24; Compression Socks 28; Shoe Laces Lock 7.5;
      Wind Shell 58; Massage Ball 9; Electrolyte Tabs 8.5; Sports Sunglasses 49`,
    highEnd: `GPS Running Watch 329; Carbon Race Shoes 239; Recovery Massage Gun 199;
      Folding Treadmill Lite 359; Trail Shoes Gore 169; Hydration Vest Elite 159; Race Jacket 215`,
  },
  {
    group: "Stationery",
    brands: ["Inkwell", "Folio House", "Quire"],
    everyday: `Dotted Notebook 14; Gel Pens 6-Pack 9.5; Sticky Notes 4.9; Desk Calendar 13;
      Fountain Pen Starter 26; Ink Bottle Blue 11; Washi Tape 6; Pencil Case 15.5; Sketchbook A4 18;
      Brush Pens 12-Pack 24; Letter Set 16; Bookmark Brass 8.5; Stapler 12.5; Index Cards 5.5;
      Desk Organiser 34; Wax Seal Kit 29; Weekly Planner 19.5; Coloured Pencils 24-Pack 22`,
    highEnd: `Fountain Pen Gold Nib 275; Leather Desk Set 199; Letterpress Kit 245;
      Drafting Table Lamp 169; Calligraphy Chest 219; Label Printer Pro 189; Drawing Tablet 329`,
  },
  {
    group: "Travel",
    brands: ["Wander", "Portside", "Meridian"],
    everyday:
      `Packing Cubes 28; Neck Pillow 24; Luggage Tag 9; Passport Cover 17; Travel Adapter 22;
      Toiletry Bag 29; Eye Mask 12; Luggage Scale 15; Cable Pouch 19; Money Belt 16; Earplugs 6.5;
      Foldable Tote 13; Travel Bottle Set 11; Power Bank 36; Combination Padlock 14.5;
      Compression Bags 18; Umbrella Mini 26; Day Pack 20L 48`,
    highEnd:
      `Cabin Trolley 219; Aluminium Suitcase 355; Leather Holdall 289; Travel Backpack 45L 189;
      Garment Bag 165; Checked Trolley 259; Camera Sling Leather 205`,
  },
  {
    group: "Yoga",
    brands: ["Stillpoint", "Asana Lane", "Lotus & Oak"],
    everyday: `Cork Block 15; Cotton Strap 11; Yoga Mat 39; Mat Cleaner 9.5; Grip Socks 13.5;
      Bolster 46; Meditation Cushion 42; Eye Pillow 17; Resistance Bands 19; Incense Sticks 7.5;
      Mat Bag 24; Balance Ball 28; Yoga Wheel 36; Stretch Leggings 54; Breathing Journal 16;
      Singing Bowl 34; Wrap Cardigan 58; Knee Pad 12`,
    highEnd:
      `Pilates Reformer Mini 359; Inversion Bench 219; Infrared Mat 279; Aerial Hammock Set 169;
      Sound Bath Gong 315; Wooden Wall Bars 239; Balance Trainer Pro 189`,
  },
];
