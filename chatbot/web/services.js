/** The map of the services: our own boundaries and our own points, no tiles from anybody. */

import "./vendor/leaflet/leaflet.js";
import { at } from "./root.js";

const L = window.L;
const holder = document.querySelector("#map");

const map = L.map(holder, {
  zoomControl: false, attributionControl: false, zoomSnap: 0.25, minZoom: 6, maxZoom: 13,
  zoomAnimation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
  fadeAnimation: false, scrollWheelZoom: false,
});
L.control.zoom({ position: "bottomright", zoomInTitle: holder.dataset.zoomIn, zoomOutTitle: holder.dataset.zoomOut }).addTo(map);

const [boundaries, services] = await Promise.all([
  fetch(at("/web/data/comuni.geojson")).then((response) => response.json()),
  fetch(at(`/servizi.geojson?${holder.dataset.query}`)).then((response) => response.json()),
]);

/** Services by municipality: one marker each, with how many there are. */
const places = Map.groupBy
  ? Map.groupBy(located(), (feature) => feature.properties.comune)
  : located().reduce((groups, feature) => {
    const name = feature.properties.comune;
    return groups.set(name, [...(groups.get(name) ?? []), feature]);
  }, new Map());

function located() {
  return services.features.filter((feature) => feature.geometry);
}

const layer = L.geoJSON(boundaries, {
  interactive: false,
  style: ({ properties }) => ({
    className: places.has(properties.nome) ? "municipality-served" : "municipality", color: "", fillOpacity: 1, weight: 1,
  }),
}).addTo(map);
map.fitBounds(layer.getBounds(), { padding: [8, 8] });

for (const [name, features] of places) {
  const [longitude, latitude] = features[0].geometry.coordinates;
  const label = holder.dataset.label.replace("{place}", name).replace("{n}", features.length);
  const icon = L.divIcon({ html: String(features.length), iconSize: [32, 32], className: "" });
  const marker = L.marker([latitude, longitude], { icon, alt: label, title: label, keyboard: true });
  marker.addTo(map).bindPopup(popup(name, features), { maxWidth: Math.min(260, holder.clientWidth - 70), maxHeight: 200 });
  marker.getElement().setAttribute("aria-label", label);
}

function popup(name, features) {
  const box = document.createElement("div");
  box.lang = "it";
  box.dir = "ltr"; // names are Italian whatever the language of the page
  const title = document.createElement("strong");
  title.textContent = name;
  const list = document.createElement("ul");
  for (const feature of features) {
    const link = document.createElement("a");
    link.href = at(feature.properties.guida);
    link.textContent = feature.properties.nome;
    const item = document.createElement("li");
    item.append(link);
    list.append(item);
  }
  box.append(title, list);
  return box;
}
holder.dataset.ready = "yes";
